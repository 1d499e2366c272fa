package usage

import (
	"math"
	"math/bits"
	"strings"
)

// Price is what a model costs, in micro-USD per million tokens: 2_500_000 is $2.50 per million. The zero value is free.
type Price struct {
	// Input and Output are the prices of what is sent and what comes back.
	Input, Output int64
	// CachedInput is the price of input that the provider had in its cache. 0: cached input costs as much as other input.
	CachedInput int64
}

// Prices maps models to prices. A key is "provider:model" or "model"; one that ends in * stands for all models that begin
// so, "ollama:*" for everything of a provider. A map that is read only may be shared by goroutines.
type Prices map[string]Price

// Cost gives the price of u in micro-USD, and whether the model is known; an unknown model costs 0.
//
// The key is the longest that fits the model: its full name; its name without the version at the end ("-2024-08-06",
// "-latest", "-001"); a key with *. Of two equally long ones that with the provider wins. Another model of the same family,
// such as gpt-5-pro for the key gpt-5, does not fit: it has another price. Each call is rounded up to a whole micro-USD, so
// that many small ones cannot slip under a limit. It looks at every key once.
func (p Prices) Cost(provider, model string, u Usage) (cost int64, known bool) {
	price, ok := longest(p, provider, model)
	if !ok {
		return 0, false
	}
	return price.of(u.Clamp()), true
}

// longest gives what a map has for a model: under the longest key that fits.
func longest[V any](m map[string]V, provider, model string) (found V, ok bool) {
	best := -1
	for key, candidate := range m {
		name, qualified := key, false
		if rest, found := strings.CutPrefix(key, provider+":"); found && provider != "" {
			name, qualified = rest, true
		}
		length, fits := fit(name, model)
		if !fits {
			continue
		}
		rank := 2 * length
		if qualified {
			rank++
		}
		if rank > best {
			best, found, ok = rank, candidate, true
		}
	}
	return found, ok
}

// fit says how many letters of the model's name a key stands for, and whether it fits at all. A name without * counts one
// more, so that it goes before the same letters with one.
func fit(key, model string) (length int, ok bool) {
	if prefix, wild := strings.CutSuffix(key, "*"); wild {
		return len(prefix), strings.HasPrefix(model, prefix)
	}
	rest, ok := strings.CutPrefix(model, key)
	if !ok || !version(rest) {
		return 0, false
	}
	return len(key) + 1, true
}

// version says that rest, at the end of a model's name, names only a version of it.
func version(rest string) bool {
	shape := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '9'
		}
		return r
	}, rest)
	switch shape {
	case "", "-latest", "-999", "-9999", "-999999", "-99999999", "-9999-99-99":
		return true
	}
	return false
}

// of is the price of u, rounded up.
func (p Price) of(u Usage) int64 {
	cached := p.CachedInput
	if cached == 0 {
		cached = p.Input
	}
	var total wide
	total.add(u.InputTokens-u.CachedTokens, p.Input)
	total.add(u.CachedTokens, cached)
	total.add(u.OutputTokens, p.Output)
	return total.perMillion()
}

// wide is an unsigned sum of 128 bits: tokens times price can pass int64 when a provider reports nonsense.
type wide struct{ hi, lo uint64 }

// add adds n × price; a negative price counts as 0.
func (w *wide) add(n, price int64) {
	hi, lo := bits.Mul64(uint64(n), uint64(max(price, 0)))
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi, _ = bits.Add64(w.hi, hi, carry)
}

// perMillion divides by a million, rounds up, and holds the result within int64.
func (w *wide) perMillion() int64 {
	const million = 1_000_000
	if w.hi >= million {
		return math.MaxInt64
	}
	q, r := bits.Div64(w.hi, w.lo, million)
	if q >= math.MaxInt64 {
		return math.MaxInt64
	}
	if r > 0 {
		q++
	}
	return int64(q)
}
