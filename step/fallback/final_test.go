package fallback_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/fallback"
)

func TestB036_AMissingPriceEndsTheRunAtOnce(t *testing.T) {
	t.Parallel()
	calls, other := 0, 0
	a := weir.Func("a", func(context.Context, string) (string, error) {
		calls++
		return "", plan.Errorf(plan.CodePricing, "no price for the model x")
	}).With(retry.UpTo(3))
	b := weir.Func("b", func(context.Context, string) (string, error) { other++; return "", nil })
	_, err := weir.Do(t.Context(), fallback.To(a, b), "in")
	if plan.CodeOf(err) != plan.CodePricing || calls != 1 || other != 0 {
		t.Errorf("error %v of code %q after %d calls and %d of the fallback", err, plan.CodeOf(err), calls, other)
	}
}
