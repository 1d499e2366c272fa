package usage

import (
	"fmt"
	"strings"
)

// FormatCost writes micro-USD as dollars: "$0.000106", "$1.20", "$0". Every digit is kept; cents always have two.
func FormatCost(micro int64) string {
	if micro == 0 {
		return "$0"
	}
	sign, n := "", uint64(micro)
	if micro < 0 {
		sign, n = "-", -n // in uint64, so that the smallest int64 has a positive twin too
	}
	fraction := fmt.Sprintf("%06d", n%dollar)
	return fmt.Sprintf("%s$%d.%s%s", sign, n/dollar, fraction[:2], strings.TrimRight(fraction[2:], "0"))
}

// dollar is one US dollar in micro-USD.
const dollar = 1_000_000

// shortCost is FormatCost without the zeros at the end: "$0.1", "$1".
func shortCost(micro int64) string {
	s := FormatCost(micro)
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
