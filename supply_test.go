package weir_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir"
)

func TestB030_AFunctionWithoutInputIsCalledWhateverTheStepIsGiven(t *testing.T) {
	t.Parallel()
	calls := 0
	now := weir.Supply[int]("now", func(context.Context) (string, error) { calls++; return "noon", nil })
	five := weir.Func("five", func(context.Context, string) (int, error) { return 5, nil })
	if out, err := weir.Do(t.Context(), weir.Then(five, now), "in"); err != nil || out != "noon" || calls != 1 {
		t.Errorf("got %q, %v after %d calls", out, err, calls)
	}
	if out, err := weir.Do(t.Context(), weir.Supply[any]("now", func(context.Context) (string, error) { return "noon", nil }), nil); err != nil || out != "noon" {
		t.Errorf("nothing as input: %q, %v", out, err)
	}
	if _, err := weir.Compile(weir.Supply[int, string]("none", nil), nil); err == nil || !strings.Contains(err.Error(), `the function of step "none" is nil`) {
		t.Errorf("error %v", err)
	}
}

func ExampleSupply() {
	motto := weir.Supply[any]("motto", func(context.Context) (string, error) { return "festina lente", nil })
	fmt.Println(weir.Do(context.Background(), motto, nil))
	// Output: festina lente <nil>
}
