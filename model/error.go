package model

import (
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Error is a failure of a provider: the network, a refusal, an answer that cannot be used.
type Error struct {
	// Class says what the failure means for a retry.
	Class plan.Class
	// Provider is who failed: "openai".
	Provider string
	// Status is the HTTP status, 0 where there was none.
	Status int
	// Wait is how long the provider asked to wait before the next call; 0: it did not say.
	Wait time.Duration
	// Usage is what the call used although it failed; the step reports it.
	Usage usage.Usage
	// Text says what happened, as far as possible in the provider's own words. Empty: Err says it.
	Text string
	// Err is the cause, if there is one.
	Err error
}

// Error gives "openai: 429: slow down"; without a status the class stands in its place.
func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	if e.Provider != "" {
		parts = append(parts, e.Provider)
	}
	switch {
	case e.Status != 0:
		parts = append(parts, strconv.Itoa(e.Status))
	case e.Class != plan.ClassNone:
		parts = append(parts, string(e.Class))
	}
	switch {
	case e.Text != "":
		parts = append(parts, e.Text)
	case e.Err != nil:
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return "the model failed"
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrorCode is plan.CodeModel.
func (e *Error) ErrorCode() plan.Code { return plan.CodeModel }

// ErrorClass is the class; plan.ClassOf reads it.
func (e *Error) ErrorClass() plan.Class { return e.Class }

// RetryAfter is the wait that the provider asked for; plan.RetryAfter reads it.
func (e *Error) RetryAfter() time.Duration { return e.Wait }
