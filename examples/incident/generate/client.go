package main

import "fmt"

// Addresses are of the blocks for documentation only: RFC 5737 and RFC 3849. Each sort of client has its own part of them.
const (
	scanner  = "198.51.100.66"
	stuffer  = "203.0.113.77"
	monitor  = "192.0.2.250"
	reporter = "192.0.2.240"
)

// shopper gives the address of a visitor; a third come by IPv6.
func shopper(r *random) string {
	switch r.below(6) {
	case 0, 1:
		return fmt.Sprintf("2001:db8:%x:%x::%x", r.between(1, 0x3f), r.below(0x1000), r.between(1, 0xfff))
	case 2, 3:
		return fmt.Sprintf("192.0.2.%d", r.between(1, 199))
	case 4:
		return fmt.Sprintf("198.51.100.%d", r.between(100, 254))
	}
	return fmt.Sprintf("203.0.113.%d", r.between(100, 254))
}

// crawler gives the address of a well-behaved bot.
func crawler(r *random) string { return fmt.Sprintf("198.51.100.%d", r.between(10, 17)) }

// browsers are the agents of visitors, cut to what tells them apart.
var browsers = []string{
	"Mozilla/5.0 (X11; Linux x86_64) Firefox/136.0",
	"Mozilla/5.0 (Windows NT 10.0) Chrome/134.0",
	"Mozilla/5.0 (Windows NT 10.0) Edg/134.0",
	"Mozilla/5.0 (Macintosh) Safari/605.1",
	"Mozilla/5.0 (iPhone) Safari/604.1",
	"Mozilla/5.0 (Android 15) Chrome/134.0 Mobile",
}

var crawlers = []string{
	"ExampleBot/2.1 (+https://bot.example/about)",
	"PriceWatch/1.4 (+https://prices.example/bot)",
}
