package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// amount writes a figure with its unit: 1.23 µs, 4.1 KB, 1,200 runs/s, 1.9 M runs/s. That it is of one run the table says.
func amount(v float64, unit string) string {
	switch base, _, _ := strings.Cut(unit, "/"); base {
	case "ns":
		return nanoseconds(v)
	case "B", "bytes":
		return byteCount(v)
	}
	if v >= 1e6 {
		return strings.TrimSpace(digits(v/1e6) + " M " + unit)
	}
	return strings.TrimSpace(digits(v) + " " + unit)
}

// nanoseconds writes a time with three digits.
func nanoseconds(ns float64) string { return scaled(ns, 1000, "ns", "µs", "ms", "s") }

// byteCount writes a size with three digits; a KB has 1,024 bytes, as elsewhere in weir.
func byteCount(b float64) string { return scaled(b, 1024, "B", "KB", "MB", "GB") }

// scaled picks the largest unit of which there is at least one.
func scaled(v, step float64, units ...string) string {
	i := 0
	for ; i < len(units)-1 && math.Abs(v) >= step*0.9995; i++ {
		v /= step
	}
	return digits(v) + " " + units[i]
}

// digits writes three digits, or whole numbers with commas.
func digits(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case a >= 99.95 && a < 1e15:
		return grouped(int(math.Round(v)))
	case a >= 1e15:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case a >= 9.995:
		return trimmed(v, 1)
	}
	return trimmed(v, 2)
}

// trimmed writes decimals without the zeros at the end.
func trimmed(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// signedPercent writes a fraction: +23 %, −4.5 %, 0 %.
func signedPercent(fraction float64) string {
	v := 100 * fraction
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	decimals := 0
	if math.Abs(v) < 9.95 {
		decimals = 1
	}
	text := trimmed(math.Abs(v), decimals)
	switch {
	case math.Abs(v) >= 999.5:
		text = digits(math.Abs(v))
	case text == "100" && v < 100: // what is left is not nothing
		text = trimmed(math.Floor(v*100)/100, 2)
	}
	switch {
	case text == "0":
		return "0 %"
	case v < 0:
		return "−" + text + " %"
	}
	return "+" + text + " %"
}

// interval writes the 95 % interval of a fraction; none was measured where both ends are the same.
func interval(low, high float64) string {
	if low == high {
		return ""
	}
	return strings.TrimSuffix(signedPercent(low), " %") + " to " + signedPercent(high)
}

// times writes a ratio: 0.85 ×.
func times(ratio float64) string { return digits(ratio) + " ×" }

// between writes the 95 % interval of a ratio.
func between(low, high float64) string {
	if low == high {
		return ""
	}
	return fmt.Sprintf("%s to %s", digits(low), digits(high))
}
