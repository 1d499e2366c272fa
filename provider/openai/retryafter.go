package openai

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// longestWait bounds what an endpoint may ask for; a retry layer has bounds of its own.
const longestWait = 24 * time.Hour

// retryAfter is the wait that a response asks for: Retry-After-Ms in milliseconds, or Retry-After in seconds or as a date
// (RFC 9110 §10.2.3). What cannot be read is no wait.
func retryAfter(h http.Header) time.Duration {
	if d, ok := number(h.Get("Retry-After-Ms"), time.Millisecond); ok {
		return d
	}
	v := h.Get("Retry-After")
	if d, ok := number(v, time.Second); ok {
		return d
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	// By the endpoint's own clock where it tells it, so that ours may be wrong.
	return min(max(at.Sub(now), 0), longestWait)
}

// number reads a wait given as a number of units.
func number(v string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(v, 64)
	if math.IsNaN(n) || n < 0 || (err != nil && !math.IsInf(n, 1)) {
		return 0, false
	}
	if n >= float64(longestWait)/float64(unit) {
		return longestWait, true
	}
	return time.Duration(n * float64(unit)), true
}
