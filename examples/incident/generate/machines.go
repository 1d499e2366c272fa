package main

import (
	"fmt"
	"time"
)

// secrets are what scanners look for.
var secrets = []string{
	"/wp-admin/", "/wp-login.php", "/.env", "/.git/config", "/phpmyadmin/", "/admin.php", "/xmlrpc.php", "/backup.zip", "/config.json",
	"/server-status", "/.aws/credentials", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/cgi-bin/test.cgi", "/old/", "/.svn/entries",
}

// scan looks for things that are not there, in the night.
func scan(r *random, n int) []request {
	start := midnight.Add(3*time.Hour + 12*time.Minute)
	list := make([]request, n)
	for i := range list {
		q := request{
			at: start.Add(time.Duration(i) * 19 * time.Minute / time.Duration(n)), client: scanner, method: "GET", path: pick(r, secrets),
			status: 404, bytes: 3_120, agent: "Mozilla/5.0 (compatible; DirProbe/0.9)",
		}
		if r.permille(60) {
			q.status, q.bytes = 403, 162
		}
		list[i] = q
	}
	return list
}

// stuff tries stolen passwords in the evening; a few of them fit.
func stuff(r *random, n int) []request {
	start := midnight.Add(19*time.Hour + 2*time.Minute)
	list := make([]request, n)
	for i := range list {
		list[i] = request{
			at: start.Add(time.Duration(i) * 44 * time.Minute / time.Duration(n)), client: stuffer, method: "POST", path: "/login",
			status: 401, bytes: 312, agent: "python-requests/2.32.3",
		}
	}
	for i := range 3 {
		at := n * (2*i + 3) / 9
		list[at].status, list[at].bytes = 302, 0
	}
	return list
}

// exports are the one heavy thing the shop serves: its own staff fetch tables, with a name and a password.
func exports(r *random, n int) []request {
	list := make([]request, n)
	for i := range list {
		list[i] = request{
			at: midnight.Add(8*time.Hour + time.Duration(i)*9*time.Hour/time.Duration(n) + r.seconds(0, 300)), client: reporter, user: "ops",
			method: "GET", path: "/reports/sales.csv", status: 200, bytes: r.between(4_200_000, 9_800_000), agent: "curl/8.12.1",
		}
	}
	return list
}

// crawl is what search engines and price watchers do all day.
func crawl(r *random, n int) []request {
	list := make([]request, n)
	for i := range list {
		q := request{
			at: midnight.Add(r.seconds(0, 86_399)), client: crawler(r), method: "GET", path: fmt.Sprintf("/products/%d", r.between(1001, 1180)),
			status: 200, bytes: r.between(16_000, 24_000), agent: pick(r, crawlers),
		}
		switch r.below(12) {
		case 0:
			q.path, q.bytes = "/robots.txt", 118
		case 1:
			q.path, q.bytes = "/sitemap.xml", 28_414
		case 2:
			q.path, q.status, q.bytes = fmt.Sprintf("/products/%d", r.between(1501, 1680)), 404, 3_120
		}
		list[i] = q
	}
	return list
}

// probes ask twice a minute whether the shop is up; the page says yes also in the incident, which is why nobody was woken.
func probes(r *random, n int) []request {
	list := make([]request, n)
	for i := range list {
		list[i] = request{
			at: midnight.Add(time.Duration(i)*24*time.Hour/time.Duration(n) + r.seconds(0, 2)), client: monitor, method: "GET", path: "/healthz",
			status: 200, bytes: 2, agent: "uptime/3.2",
		}
	}
	return list
}
