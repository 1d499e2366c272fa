package timeout_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
)

var errBoom = errors.New("boom")

// waits is an op that takes so long unless its context ends before; then it fails with what ended makes of that.
func waits(d time.Duration, ended func(context.Context) error) plan.Op {
	return func(ctx context.Context, _ plan.Frame, in any) (any, error) {
		select {
		case <-time.After(d):
			return in, nil
		case <-ctx.Done():
			return nil, ended(ctx)
		}
	}
}

func bare(ctx context.Context) error { return ctx.Err() }

// deaf is an op that takes so long whatever its context says.
func deaf(d time.Duration, err error) plan.Op {
	return func(_ context.Context, _ plan.Frame, in any) (any, error) {
		<-time.After(d)
		return in, err
	}
}

func TestWhatAStepReturnsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	byEngine := func(ctx context.Context) error {
		return &plan.Error{Code: plan.CodeCanceled, Text: "stopped", Err: fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))}
	}
	for _, c := range []struct {
		name string
		op   plan.Op
		text string
	}{
		{"the context's error", waits(time.Hour, bare), "timed out after 1s: context deadline exceeded"},
		{"the context's cause", waits(time.Hour, context.Cause), "timed out after 1s"},
		{"an error of its own", waits(time.Hour, func(context.Context) error { return errBoom }), "timed out after 1s: boom"},
		{"what the engine makes of a stopped step below", waits(time.Hour, byEngine), "timed out after 1s: stopped"},
		{"what a run inside the step calls canceled", waits(time.Hour, func(ctx context.Context) error {
			return &plan.Error{Code: plan.CodeCanceled, Text: "stopped", Err: ctx.Err()}
		}), "timed out after 1s: stopped"},
		{"a late error", deaf(2*time.Second, errBoom), "timed out after 1s: boom"},
		{"a late value", deaf(2*time.Second, nil), "timed out after 1s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := layertest.Build(t, layertest.Step(c.op, timeout.After(time.Second)))(t.Context(), &layertest.Frame{}, 1)
				e, ok := errors.AsType[*timeout.Error](err)
				if !ok || e.After != time.Second || err.Error() != c.text {
					t.Errorf("error %v, want %q", err, c.text)
				}
				if !errors.Is(err, plan.ErrTimeout) || plan.CodeOf(err) != plan.CodeTimeout || plan.ClassOf(err) != plan.ClassTimeout || plan.Final(err) {
					t.Errorf("code %q, class %q, final %v; want an ordinary timeout", plan.CodeOf(err), plan.ClassOf(err), plan.Final(err))
				}
			})
		})
	}
}

func TestALateValueIsKeptBesideTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out, err := layertest.Build(t, layertest.Step(deaf(2*time.Second, nil), timeout.After(time.Second)))(t.Context(), &layertest.Frame{}, "late")
		if out != "late" || !errors.Is(err, plan.ErrTimeout) {
			t.Errorf("got %v, %v; want the value and a timeout", out, err)
		}
	})
}

func TestAStepThatOverrunsIsNotedAsStuck(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]any{
		time.Second - 1:                 nil,
		time.Second + timeout.Grace:     nil,
		time.Second + timeout.Grace + 1: timeout.Grace + 1,
		time.Minute:                     59 * time.Second,
	} {
		t.Run(took.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &layertest.Frame{}
				_, _ = layertest.Build(t, layertest.Step(deaf(took, nil), timeout.After(time.Second)))(t.Context(), f, 1)
				if f.Notes["stuck"] != want {
					t.Errorf("noted %v, want %v", f.Notes["stuck"], want)
				}
			})
		})
	}
}

func TestTheCallerWins(t *testing.T) {
	t.Parallel()
	gone := errors.New("the user closed the window")
	for _, c := range []struct {
		name string
		// cancelAt is when the caller gives up; the timeout is at 1 s.
		cancelAt time.Duration
		op       plan.Op
	}{
		{"when it gave up before the timeout", time.Second / 2, waits(time.Hour, context.Cause)},
		{"when both came before the step returned", time.Second, deaf(2*time.Second, context.DeadlineExceeded)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(c.cancelAt, func() { cancel(gone) })
				_, err := layertest.Build(t, layertest.Step(c.op, timeout.After(time.Second)))(ctx, &layertest.Frame{}, 1)
				if errors.Is(err, plan.ErrTimeout) {
					t.Errorf("error %v, want no timeout", err)
				}
			})
		})
	}
	t.Run("and its cause stands for a step that tells only of the timeout", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			op := func(ctx context.Context, _ plan.Frame, _ any) (any, error) {
				<-ctx.Done()
				cancel(gone) // at the same instant
				return nil, context.Cause(ctx)
			}
			_, err := layertest.Build(t, layertest.Step(op, timeout.After(time.Second)))(ctx, &layertest.Frame{}, 1)
			if !errors.Is(err, gone) {
				t.Errorf("error %v, want the caller's cause", err)
			}
		})
	})
}

func TestWhatNobodyMaySwallowPassesThoughTheTimeIsUp(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted, plan.ErrCanceled, plan.ErrMissingAgent} {
		t.Run(final.Error(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := layertest.Build(t, layertest.Step(deaf(2*time.Second, final), timeout.After(time.Second)))(t.Context(), &layertest.Frame{}, 1)
				if err != final {
					t.Errorf("error %v, want %v itself", err, final)
				}
			})
		})
	}
}

func TestTheCallersEarlierDeadlineGovernsWithoutAnotherContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for d, want := range map[time.Duration]bool{2 * time.Hour: true, time.Minute: false} {
		op := layertest.Build(t, layertest.Step(func(got context.Context, _ plan.Frame, _ any) (any, error) {
			if (got == ctx) != want {
				t.Errorf("a timeout of %v within an hour: the caller's own context %v, want %v", d, got == ctx, want)
			}
			return nil, nil
		}, timeout.After(d)))
		if _, err := op(ctx, &layertest.Frame{}, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestATimeoutRoundAPipelineStopsTheStepInside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		quick := weir.Func("quick", func(_ context.Context, in int) (int, error) { return in, nil })
		slow := weir.Func("slow", func(ctx context.Context, _ int) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		p, err := weir.Compile(weir.Then(quick, slow).Named("both").With(timeout.After(time.Second)), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Run(t.Context(), 1)
		e, ok := errors.AsType[*weir.StepError](err)
		if !ok || e.Path != "both" || e.Code != plan.CodeTimeout || !strings.Contains(err.Error(), "both/slow") {
			t.Errorf("error %v, want a timeout of both that names the step inside", err)
		}
	})
}

func TestAnOuterTimeoutIsNotTakenForTheInnerOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		op := layertest.Build(t, layertest.Step(waits(time.Hour, context.Cause), timeout.After(time.Second), timeout.After(time.Minute)))
		_, err := op(t.Context(), &layertest.Frame{}, 1)
		if e, ok := errors.AsType[*timeout.Error](err); !ok || e.After != time.Second {
			t.Errorf("error %v, want that of the timeout of 1s", err)
		}
	})
}

func TestADurationThatCannotBeIsAMistake(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{0, -time.Second} {
		err := layertest.Mistake(t, layertest.Step(deaf(0, nil), timeout.After(d)))
		if !strings.Contains(err.Error(), d.String()) || !strings.Contains(err.Error(), "step") {
			t.Errorf("mistake %v does not tell the step and %v", err, d)
		}
	}
}

func BenchmarkAfter(b *testing.B) {
	op := layertest.Build(b, layertest.Step(func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }, timeout.After(time.Hour)))
	for name, limit := range map[string]time.Duration{"deadline": 2 * time.Hour, "parent": time.Minute} {
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithTimeout(b.Context(), limit)
			defer cancel()
			f := &layertest.Frame{}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = op(ctx, f, nil)
			}
		})
	}
}
