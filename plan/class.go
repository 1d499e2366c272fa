package plan

import (
	"errors"
	"time"
)

// Class names what a failure from outside means for a retry.
type Class string

// The classes that layers and providers agree on. ClassNone is the zero value: an ordinary failure.
const (
	ClassNone          Class = ""
	ClassRateLimit     Class = "rate_limit"
	ClassOverload      Class = "overload"
	ClassTimeout       Class = "timeout"
	ClassNetwork       Class = "network"
	ClassAuth          Class = "auth"
	ClassBadRequest    Class = "bad_request"
	ClassContextLength Class = "context_length"
	ClassContentFilter Class = "content_filter"
	ClassInvalidOutput Class = "invalid_output"
	ClassPanic         Class = "panic"
)

// ClassOf gives the class of an error: that of the first error in the tree with a method ErrorClass() Class.
func ClassOf(err error) Class {
	var c interface{ ErrorClass() Class }
	if errors.As(err, &c) {
		return c.ErrorClass()
	}
	switch CodeOf(err) {
	case CodeTimeout:
		return ClassTimeout
	case CodePanic:
		return ClassPanic
	}
	return ClassNone
}

// RetryAfter gives the wait that the other side asked for: of the first error in the tree with a method
// RetryAfter() time.Duration. Zero: it asked for none.
func RetryAfter(err error) time.Duration {
	var r interface{ RetryAfter() time.Duration }
	if errors.As(err, &r) {
		return r.RetryAfter()
	}
	return 0
}

// NoRetry wraps an error so that retry layers leave it; a fallback still runs.
func NoRetry(err error) error { return &permanent{err} }

// Permanent says that err, or what it wraps, was marked by NoRetry.
func Permanent(err error) bool {
	var p *permanent
	return errors.As(err, &p)
}

// NoFallback wraps an error that is the last word of its step: retry layers leave it as they do with NoRetry, and so does a
// fallback of the step itself. A fallback round a pipeline that the step stands in answers it.
func NoFallback(err error) error { return &permanent{&settled{err}} }

// Settled says that err, or what it wraps, was marked by NoFallback.
func Settled(err error) bool {
	var s *settled
	return errors.As(err, &s)
}

// settled marks an error that the step's own fallback does not answer.
type settled struct{ error }

func (s *settled) Unwrap() error { return s.error }

// permanent marks an error that another attempt would not mend.
type permanent struct{ error }

func (p *permanent) Unwrap() error { return p.error }
