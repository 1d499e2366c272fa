package retry

import (
	"math"
	"time"

	"github.com/weirflow/weir/plan"
)

// Option changes when attempts are made and how long is waited between them.
type Option func(*policy)

// The waits that BackoffOn uses when Backoff was not given.
const (
	DefaultInitial = time.Second
	DefaultFactor  = 2.0
	DefaultMax     = time.Minute
)

// MaxRetryAfter bounds the wait that an error may ask for by a method RetryAfter: what the other side writes into a header
// must not be able to hold a run for days.
const MaxRetryAfter = 5 * time.Minute

// Backoff waits between attempts: initial after the first, then factor times as long each time, never longer than longest.
// Initial must be above 0, factor at least 1 and longest at least initial; anything else is a mistake that Compile reports.
func Backoff(initial time.Duration, factor float64, longest time.Duration) Option {
	return func(p *policy) {
		if initial <= 0 || !(factor >= 1) || math.IsInf(factor, 1) || longest < initial {
			p.mistake("retry.Backoff(%v, %v, %v): the first wait must be above 0, the factor at least 1, "+
				"and the longest wait not shorter than the first", initial, factor, longest)
			return
		}
		p.initial, p.factor, p.longest = initial, factor, longest
	}
}

// Jitter shortens each wait of Backoff by a random part of at most this fraction, so that steps which failed together do
// not come back together. 1 is full jitter (a wait between 0 and the whole), 0.5 equal jitter, 0 none: the names are those
// of M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, which finds full jitter best under
// contention. A wait that the other side asked for is never shortened. A fraction outside 0 to 1, or Jitter without a
// wait to shorten, is a mistake that Compile reports.
func Jitter(fraction float64) Option {
	return func(p *policy) {
		if !(fraction >= 0 && fraction <= 1) {
			p.mistake("retry.Jitter(%v): give a fraction between 0 (none) and 1 (full)", fraction)
			return
		}
		p.jitter = fraction
	}
}

// On makes further attempts only after failures of these classes; see plan.ClassOf. Without it every class is retried.
// Given twice, the classes add up. No class at all is a mistake that Compile reports.
func On(classes ...plan.Class) Option {
	return func(p *policy) {
		if len(classes) == 0 {
			p.mistake("retry.On without a class would never try again; name the classes or leave it out")
		}
		p.only = append(p.only, classes...)
	}
}

// BackoffOn waits only after failures of these classes; after others the next attempt follows at once. A step that asks a
// model waits on plan.ClassRateLimit and plan.ClassOverload. Without Backoff the waits are DefaultInitial, DefaultFactor and
// DefaultMax. Given twice, the classes add up. No class at all is a mistake that Compile reports.
func BackoffOn(classes ...plan.Class) Option {
	return func(p *policy) {
		if len(classes) == 0 {
			p.mistake("retry.BackoffOn without a class would never wait; name the classes or leave it out")
		}
		p.slow = append(p.slow, classes...)
	}
}

// When makes a further attempt only when worth says so. It is called with the attempt's error, after every other rule
// allowed the attempt; it must be safe for use by several goroutines. Given twice, both must agree. Nil is a mistake that
// Compile reports.
func When(worth func(error) bool) Option {
	return func(p *policy) {
		if worth == nil {
			p.mistake("retry.When(nil): give a function or leave it out")
			return
		}
		p.when = append(p.when, worth)
	}
}

// settle fills in what depends on several options.
func (p *policy) settle() {
	if len(p.slow) > 0 && p.initial == 0 {
		p.initial, p.factor, p.longest = DefaultInitial, DefaultFactor, DefaultMax
	}
	if p.jitter > 0 && p.initial == 0 {
		p.mistake("retry.Jitter(%v) has no wait to shorten; add retry.Backoff", p.jitter)
	}
}
