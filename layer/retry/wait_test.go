package retry

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/plan"
)

// asking is a failure whose other side asks for a wait.
type asking struct {
	after time.Duration
	class plan.Class
}

func (asking) Error() string               { return "slow down" }
func (e asking) RetryAfter() time.Duration { return e.after }
func (e asking) ErrorClass() plan.Class    { return e.class }

// random makes the draws of a layer known.
func random(draw float64) Option {
	return func(p *policy) { p.random = func() float64 { return draw } }
}

func TestB157Waits(t *testing.T) {
	t.Parallel()
	const s = time.Second
	boom := errors.New("boom")
	limited := asking{class: plan.ClassRateLimit}
	for _, c := range []struct {
		name string
		err  error
		opts []Option
		want []time.Duration
	}{
		{"none without Backoff", boom, nil, []time.Duration{0, 0, 0, 0}},
		{"grow by the factor up to the longest", boom, []Option{Backoff(s, 2, 5*s)}, []time.Duration{s, 2 * s, 4 * s, 5 * s}},
		{"stay the same with factor 1", boom, []Option{Backoff(s, 1, s)}, []time.Duration{s, s, s, s}},
		{"full jitter, lowest draw", boom, []Option{Backoff(s, 2, 8*s), Jitter(1), random(0)}, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		{"full jitter, middle draw", boom, []Option{Backoff(s, 2, 8*s), Jitter(1), random(0.5)}, []time.Duration{s / 2, s, 2 * s, 4 * s}},
		{"equal jitter, highest draw", boom, []Option{Backoff(s, 2, 8*s), Jitter(0.5), random(1)}, []time.Duration{s / 2, s, 2 * s, 4 * s}},
		{"only for the classes of BackoffOn", boom, []Option{Backoff(s, 2, 8*s), BackoffOn(plan.ClassRateLimit)}, []time.Duration{0, 0, 0, 0}},
		{"for a class of BackoffOn", limited, []Option{Backoff(s, 2, 8*s), BackoffOn(plan.ClassOverload, plan.ClassRateLimit)}, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		{"BackoffOn brings its own", limited, []Option{BackoffOn(plan.ClassRateLimit)}, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		{"not shorter than asked", asking{after: 3 * s}, []Option{Backoff(s, 2, 8*s)}, []time.Duration{3 * s, 3 * s, 4 * s, 8 * s}},
		{"as asked without Backoff", asking{after: 3 * s}, nil, []time.Duration{3 * s, 3 * s, 3 * s, 3 * s}},
		{"as asked beyond the longest", asking{after: 9 * s}, []Option{Backoff(s, 2, 8*s)}, []time.Duration{9 * s, 9 * s, 9 * s, 9 * s}},
		{"as asked whatever the jitter", asking{after: 3 * s}, []Option{Backoff(s, 1, s), Jitter(1), random(1)}, []time.Duration{3 * s, 3 * s, 3 * s, 3 * s}},
		{"never longer than the bound on what is asked", asking{after: math.MaxInt64}, nil, slices.Repeat([]time.Duration{MaxRetryAfter}, 4)},
		{"not below zero", asking{after: -time.Hour}, nil, []time.Duration{0, 0, 0, 0}},
		{"do not overflow", boom, []Option{Backoff(math.MaxInt64/2, 1e300, math.MaxInt64)}, []time.Duration{math.MaxInt64 / 2, math.MaxInt64, math.MaxInt64, math.MaxInt64}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := UpTo(5, c.opts...).(*policy)
			var got []time.Duration
			for n := 1; n <= 4; n++ {
				got = append(got, p.wait(n, c.err))
			}
			// The largest durations are not exact as float64.
			if !slices.EqualFunc(got, c.want, func(a, b time.Duration) bool { return (a - b).Abs() <= time.Duration(b/1e9) }) {
				t.Errorf("waits %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheWaitPassesAndIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return nil, boom },
			UpTo(4, Backoff(time.Second, 2, time.Minute))))
		f := &layertest.Frame{}
		begin := time.Now()
		_, err := op(t.Context(), f, nil)
		if took := time.Since(begin); took != 7*time.Second || !errors.Is(err, boom) {
			t.Errorf("took %v, error %v; want 1+2+4 seconds and boom", took, err)
		}
		want := []layertest.Retry{
			{Attempt: 1, Err: boom, Wait: time.Second},
			{Attempt: 2, Err: boom, Wait: 2 * time.Second},
			{Attempt: 3, Err: boom, Wait: 4 * time.Second},
		}
		if !slices.Equal(f.Retries, want) {
			t.Errorf("told %v, want %v", f.Retries, want)
		}
	})
}

func TestAWaitEndsAtOnceWhenTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		calls := 0
		op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
			calls++
			return nil, asking{class: plan.ClassRateLimit}
		}, UpTo(4, Backoff(time.Hour, 1, time.Hour))))
		begin := time.Now()
		_, err := op(ctx, &layertest.Frame{}, nil)
		if took := time.Since(begin); took != time.Minute || calls != 1 {
			t.Errorf("took %v and %d calls, want 1m and 1", took, calls)
		}
		if !errors.Is(err, context.Canceled) || plan.ClassOf(err) != plan.ClassNone || !strings.Contains(err.Error(), "slow down") {
			t.Errorf("error %v, want the cancellation, which tells the failure before it", err)
		}
	})
}
