package plan

import (
	"errors"
	"fmt"
	"testing"
)

func TestKeepStateMarksOnlyTheStepThatReturnsIt(t *testing.T) {
	t.Parallel()
	boom := &StepError{Path: "par/b", Code: CodeTimeout, Err: errors.New("boom")}
	err := KeepState(boom)
	if !errors.Is(err, boom) || CodeOf(err) != CodeTimeout || err.Error() != boom.Error() {
		t.Errorf("the wrapper hides %v: %v", boom, err)
	}
	if cause, kept := StateKept(err); cause != error(boom) || !kept {
		t.Errorf("got %v, %v", cause, kept)
	}
	above := fmt.Errorf("above: %w", err)
	if cause, kept := StateKept(above); cause != above || kept {
		t.Errorf("a step above keeps its state too: %v, %v", cause, kept)
	}
	if cause, kept := StateKept(KeepState(nil)); cause != nil || kept {
		t.Errorf("of nil got %v, %v", cause, kept)
	}
}
