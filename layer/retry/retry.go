// Package retry is the layer that runs a step again when it failed.
//
// It counts attempts, the first one included: UpTo(3) is one attempt and at most two more. Each attempt starts from the
// state that the step found; what a failed one wrote is dropped. Without options every ordinary failure is followed by
// another attempt at once. A failure that no handler may swallow (plan.Final), one marked by plan.NoRetry, and any failure
// of a context that has ended are returned as they are.
//
// What stands outside this layer runs once a step, what stands inside it once an attempt.
package retry

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/weirflow/weir/plan"
)

// UpTo gives a step at most this many attempts, the first one included. Fewer than 1 is a mistake that Compile reports; 1
// adds nothing to the step.
//
// The step's record counts the further attempts, and a *plan.StepError tells the number of the last one. When the last
// attempt failed, its error and the value beside it are what the step returns. A step that succeeds at once pays for
// one call and no allocation.
func UpTo(attempts int, opts ...Option) plan.Layer {
	p := &policy{attempts: attempts, random: rand.Float64}
	if attempts < 1 {
		p.mistake("retry.UpTo(%d): the number counts attempts, the first one included; give 1 or more", attempts)
	}
	for _, o := range opts {
		if o != nil {
			o(p)
		}
	}
	p.settle()
	return p
}

// policy is the layer. Read only after UpTo returned it.
type policy struct {
	attempts int
	initial  time.Duration // 0: attempts follow each other at once
	factor   float64
	longest  time.Duration
	jitter   float64
	only     []plan.Class // empty: every class
	slow     []plan.Class // empty: every class waits
	when     []func(error) bool
	random   func() float64
	mistakes []error
}

// Name is "retry".
func (*policy) Name() string { return "retry" }

// Fingerprint is the number of attempts.
func (p *policy) Fingerprint() string { return strconv.Itoa(p.attempts) }

// Wrap puts the attempts round next.
func (p *policy) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	for _, err := range p.mistakes {
		b.Fail(err)
	}
	if p.attempts <= 1 || len(p.mistakes) > 0 {
		return next
	}
	return (&tries{policy: p, site: b.Site(), decided: b.Decision("retry"), next: next, parks: b.Parks()}).run
}

// again says whether a failure may be followed by another attempt.
func (p *policy) again(err error) bool {
	if plan.Permanent(err) {
		return false
	}
	if len(p.only) > 0 && !slices.Contains(p.only, plan.ClassOf(err)) {
		return false
	}
	for _, ok := range p.when {
		if !ok(err) {
			return false
		}
	}
	return true
}

func (p *policy) mistake(format string, args ...any) {
	p.mistakes = append(p.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}
