package plan

import (
	"errors"
	"fmt"
	"testing"
)

func TestStandingSaysHowAStepStandsThatDidNotFail(t *testing.T) {
	t.Parallel()
	stop := &Error{Code: CodeAborted, Text: "enough"}
	err := Standing(stop, NotRun)
	if !errors.Is(err, ErrAborted) || !Final(err) || err.Error() != "enough" {
		t.Errorf("the wrapped error is %v", err)
	}
	if s, got := StandingOf(err); got != error(stop) || s != NotRun {
		t.Errorf("%v, %v; want the error itself and not_run", got, s)
	}
	if s, _ := StandingOf(Standing(stop, Completed)); s != Completed {
		t.Errorf("%v, want completed", s)
	}
	for _, other := range []error{nil, stop, fmt.Errorf("a step above: %w", err)} {
		if s, got := StandingOf(other); got != other || s != Failed {
			t.Errorf("%v gives %v, %v; want itself and failed", other, got, s)
		}
	}
	if Standing(nil, NotRun) != nil {
		t.Error("nil does not stay nil")
	}
}
