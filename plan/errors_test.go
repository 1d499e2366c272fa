package plan

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// slow is an error of a provider, as ClassOf and RetryAfter see it.
type slow struct{}

func (slow) Error() string             { return "slow down" }
func (slow) ErrorClass() Class         { return ClassRateLimit }
func (slow) RetryAfter() time.Duration { return time.Second }

func TestTheOutermostCodeCounts(t *testing.T) {
	t.Parallel()
	inner := Errorf(CodeTimeout, "late")
	for _, c := range []struct {
		err  error
		want Code
	}{
		{nil, ""},
		{errors.New("x"), CodeFailed},
		{inner, CodeTimeout},
		{fmt.Errorf("around: %w", inner), CodeTimeout},
		{&Error{Code: CodeModel, Err: inner}, CodeModel},
		{&StepError{Code: CodeTimeout, Err: inner}, CodeTimeout},
		{&PanicError{Value: inner}, CodePanic},
	} {
		if got := CodeOf(c.err); got != c.want {
			t.Errorf("%v has code %q, want %q", c.err, got, c.want)
		}
	}
}

func TestOnlyTheNeverSwallowSetIsFinal(t *testing.T) {
	t.Parallel()
	final := []Code{CodePaused, CodeAborted, CodeBudget, CodeDuration, CodeRedirect, CodePricing, CodeMissingAgent, CodeCanceled}
	for _, c := range final {
		if !Final(fmt.Errorf("deep: %w", &StepError{Code: c, Err: Errorf(c, "x")})) {
			t.Errorf("%s is not final", c)
		}
	}
	for _, c := range []Code{CodeFailed, CodePanic, CodeTimeout, CodeValidation, CodeModel, CodeMaxLoops} {
		if Final(Errorf(c, "x")) {
			t.Errorf("%s is final", c)
		}
	}
	if Final(nil) {
		t.Error("nil is final")
	}
}

func TestClassAndWaitAreFoundInTheTree(t *testing.T) {
	t.Parallel()
	err := &StepError{Code: CodeModel, Err: &Error{Code: CodeModel, Err: slow{}}}
	if ClassOf(err) != ClassRateLimit || RetryAfter(err) != time.Second {
		t.Errorf("class %q, wait %v", ClassOf(err), RetryAfter(err))
	}
	if ClassOf(ErrTimeout) != ClassTimeout || ClassOf(&PanicError{}) != ClassPanic || ClassOf(errors.New("x")) != ClassNone {
		t.Error("classes of weir's own errors")
	}
	if RetryAfter(errors.New("x")) != 0 {
		t.Error("a wait from nowhere")
	}
}

func TestNoRetryMarksAndKeepsTheError(t *testing.T) {
	t.Parallel()
	err := NoRetry(ErrValidation)
	if !Permanent(fmt.Errorf("x: %w", err)) || Permanent(ErrValidation) || !errors.Is(err, ErrValidation) || CodeOf(err) != CodeValidation {
		t.Errorf("%v", err)
	}
}

func TestAsGivesNilItsZeroValueAndNamesBothTypes(t *testing.T) {
	t.Parallel()
	if v, err := As[int](nil); v != 0 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := As[int]("x"); err == nil || CodeOf(err) != CodeType {
		t.Errorf("%v", err)
	}
}
