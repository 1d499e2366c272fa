package retry_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
)

// classed is a failure with a class.
type classed plan.Class

func (c classed) Error() string          { return "class " + string(c) }
func (c classed) ErrorClass() plan.Class { return plan.Class(c) }

// attempts runs a step that always fails with err, and gives how often it was called.
func attempts(t *testing.T, ctx context.Context, err error, l plan.Layer) int {
	t.Helper()
	calls := 0
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
		calls++
		return nil, err
	}, l))
	if _, got := op(ctx, &layertest.Frame{}, nil); !errors.Is(got, err) {
		t.Errorf("error %v, want %v", got, err)
	}
	return calls
}

func TestWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	limited, network := classed(plan.ClassRateLimit), classed(plan.ClassNetwork)
	isBoom := func(err error) bool { return errors.Is(err, errBoom) }
	never := func(error) bool { return false }
	for _, c := range []struct {
		name string
		err  error
		opts []retry.Option
		want int
	}{
		{"any failure by default", errBoom, nil, 3},
		{"a timeout by default", plan.ErrTimeout, nil, 3},
		{"a class that On names", limited, []retry.Option{retry.On(plan.ClassRateLimit)}, 3},
		{"a class that a second On names", network, []retry.Option{retry.On(plan.ClassRateLimit), retry.On(plan.ClassNetwork)}, 3},
		{"not a class that On leaves out", network, []retry.Option{retry.On(plan.ClassRateLimit)}, 1},
		{"not an ordinary failure when On names classes", errBoom, []retry.Option{retry.On(plan.ClassRateLimit)}, 1},
		{"what When wants", errBoom, []retry.Option{retry.When(isBoom)}, 3},
		{"not what When refuses", network, []retry.Option{retry.When(isBoom)}, 1},
		{"not what one of two Whens refuses", errBoom, []retry.Option{retry.When(isBoom), retry.When(never)}, 1},
		{"not what is marked NoRetry", plan.NoRetry(errBoom), nil, 1},
		{"not a pause, whatever When says", plan.ErrPaused, []retry.Option{retry.When(func(error) bool { return true })}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := attempts(t, t.Context(), c.err, retry.UpTo(3, c.opts...)); got != c.want {
				t.Errorf("%d attempts, want %d", got, c.want)
			}
		})
	}
}

func TestNoAttemptFollowsOnceTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := attempts(t, ctx, errBoom, retry.UpTo(3)); got != 1 {
		t.Errorf("%d attempts, want 1", got)
	}
}

func TestMistakesAreToldAtCompile(t *testing.T) {
	t.Parallel()
	for want, l := range map[string]plan.Layer{
		"UpTo(0)":           retry.UpTo(0),
		"UpTo(-1)":          retry.UpTo(-1),
		"Backoff(0s":        retry.UpTo(2, retry.Backoff(0, 2, time.Second)),
		"Backoff(1s, 0.5":   retry.UpTo(2, retry.Backoff(time.Second, 0.5, time.Minute)),
		"Backoff(1s, NaN":   retry.UpTo(2, retry.Backoff(time.Second, math.NaN(), time.Minute)),
		"Backoff(1s, +Inf":  retry.UpTo(2, retry.Backoff(time.Second, math.Inf(1), time.Minute)),
		"Backoff(1m0s, 2":   retry.UpTo(2, retry.Backoff(time.Minute, 2, time.Second)),
		"Jitter(1.5)":       retry.UpTo(2, retry.Backoff(1, 1, 1), retry.Jitter(1.5)),
		"Jitter(NaN)":       retry.UpTo(2, retry.Backoff(1, 1, 1), retry.Jitter(math.NaN())),
		"no wait":           retry.UpTo(2, retry.Jitter(1)),
		"retry.On ":         retry.UpTo(2, retry.On()),
		"retry.BackoffOn ":  retry.UpTo(2, retry.BackoffOn()),
		"retry.When(nil)":   retry.UpTo(2, retry.When(nil)),
		"weir: compile: st": retry.UpTo(0),
	} {
		if err := layertest.Mistake(t, layertest.Step(nothing, l)); !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
	two := layertest.Mistake(t, layertest.Step(nothing, retry.UpTo(0, retry.On())))
	if !strings.Contains(two.Error(), "UpTo(0)") || !strings.Contains(two.Error(), "retry.On") {
		t.Errorf("%v does not tell both mistakes", two)
	}
}

func nothing(context.Context, plan.Frame, any) (any, error) { return nil, nil }
