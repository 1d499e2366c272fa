package main

import (
	"fmt"
	"time"
)

const site = "https://shop.example/"

// visitor is someone who walks through the shop.
type visitor struct {
	r        *random
	at       time.Time
	client   string
	agent    string
	referer  string
	protocol string
	requests []request
}

// visit is one walk: a landing page, some products, perhaps a cart, perhaps a checkout.
func visit(r *random) []request {
	v := &visitor{r: r, at: moment(r), client: shopper(r), agent: pick(r, browsers)}
	if r.permille(600) {
		v.protocol = "HTTP/2.0"
	}
	if r.permille(350) {
		v.referer = "https://search.example/"
	}
	v.page("/", 200, r.between(14_000, 19_000))
	v.assets()
	for range r.between(1, 5) {
		v.browse()
	}
	if r.permille(480) {
		v.buy()
	}
	return v.requests
}

// send adds a request at the visitor's time.
func (v *visitor) send(method, path string, status, bytes int) {
	v.requests = append(v.requests, request{
		at: v.at, client: v.client, method: method, path: path, status: status, bytes: bytes,
		referer: v.referer, agent: v.agent, protocol: v.protocol,
	})
}

// page opens a page and reads it for a while.
func (v *visitor) page(path string, status, bytes int) {
	v.send("GET", path, status, bytes)
	v.referer = site // the shop tells browsers to send no more than the origin
	v.at = v.at.Add(v.r.seconds(1, 3))
}

// assets loads what the pages share; browsers that were here before ask whether it changed.
func (v *visitor) assets() {
	status, css, js := 200, 41_872, 148_210
	if v.r.permille(450) {
		status, css, js = 304, 0, 0
	}
	v.send("GET", "/assets/shop.css", status, css)
	v.send("GET", "/assets/shop.js", status, js)
}

// browse searches, looks at a list, or opens a product.
func (v *visitor) browse() {
	v.at = v.at.Add(v.r.seconds(4, 70))
	switch v.r.below(4) {
	case 0:
		v.page(fmt.Sprintf("/products?page=%d", v.r.between(1, 9)), 200, v.r.between(22_000, 31_000))
	case 1:
		// A search now and then fails: the normal noise that an incident must stand out from.
		if v.r.permille(6) {
			v.send("GET", "/api/search?q="+pick(v.r, words), 500, 96)
			return
		}
		v.send("GET", "/api/search?q="+pick(v.r, words), 200, v.r.between(900, 6_400))
	default:
		id := v.r.between(1001, 1180)
		if v.r.permille(12) {
			v.page(fmt.Sprintf("/products/%d", id+500), 404, 3_120)
			return
		}
		v.page(fmt.Sprintf("/products/%d", id), 200, v.r.between(16_000, 24_000))
		v.send("GET", fmt.Sprintf("/images/%d.webp", id), 200, v.r.between(38_000, 96_000))
	}
}

var words = []string{"lamp", "desk", "chair", "mug", "notebook", "bag", "pen", "clock", "shelf", "rug"}

// buy fills a cart and tries to check out.
func (v *visitor) buy() {
	for range v.r.between(1, 3) {
		v.at = v.at.Add(v.r.seconds(3, 30))
		v.send("POST", "/api/cart", 201, v.r.between(240, 420))
	}
	v.page("/cart", 200, v.r.between(11_000, 15_000))
	if v.r.permille(450) {
		v.signIn()
	}
	if v.r.permille(820) {
		v.checkout()
	}
}

// signIn mistypes a password as people do.
func (v *visitor) signIn() {
	v.at = v.at.Add(v.r.seconds(5, 25))
	if v.r.permille(90) {
		v.send("POST", "/login", 401, 312)
		v.at = v.at.Add(v.r.seconds(6, 20))
	}
	v.send("POST", "/login", 302, 0)
}

// checkout pays. In the incident most tries fail, and people try again.
func (v *visitor) checkout() {
	v.at = v.at.Add(v.r.seconds(15, 90))
	for range 4 {
		status, bytes := v.payment()
		v.send("POST", "/api/checkout", status, bytes)
		if status == 201 {
			v.page(fmt.Sprintf("/orders/%d", v.r.between(700_001, 799_999)), 200, v.r.between(8_000, 9_500))
			return
		}
		if !v.r.permille(800) {
			return
		}
		v.at = v.at.Add(v.r.seconds(8, 75))
	}
}

func (v *visitor) payment() (status, bytes int) {
	if !duringIncident(v.at) {
		if v.r.permille(4) {
			return 502, 157
		}
		return 201, v.r.between(610, 890)
	}
	switch n := v.r.below(100); {
	case n < 58:
		return 503, 190
	case n < 84:
		return 504, 160
	}
	return 201, v.r.between(610, 890)
}
