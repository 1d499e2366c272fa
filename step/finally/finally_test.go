package finally_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/finally"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

var (
	errBoom = errors.New("boom")
	errBang = errors.New("bang")
)

type (
	step    = weir.Step[int, int]
	outcome = finally.Outcome[int, int]
)

func inc(_ context.Context, n int) (int, error) { return n + 1, nil }

func fails(context.Context, int) (int, error) { return 0, errBoom }

// wait returns when its context ends.
func wait(ctx context.Context, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// sweep is a cleanup that writes down what it was told, and answers with err.
type sweep struct {
	told []outcome
	err  error
}

func (s *sweep) step() weir.Step[outcome, any] {
	return weir.Func("sweep", func(ctx context.Context, o outcome) (any, error) {
		s.told = append(s.told, o)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("the cleanup has no time: %w", err)
		}
		return nil, s.err
	})
}

func execute(t *testing.T, ctx context.Context, s step, opts ...weir.RunOption) (*weir.Result[int], error) {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(ctx, 1, opts...)
}

func TestTheCleanupRunsAfterASuccessAndItsOutputIsDropped(t *testing.T) {
	t.Parallel()
	var s sweep
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", inc), s.step()))
	if r.Output != 2 || err != nil || len(s.told) != 1 || s.told[0] != (outcome{Input: 1, Output: 2}) {
		t.Errorf("%v, %v, told %+v", r.Output, err, s.told)
	}
	for _, path := range []string{"work/body", "work/sweep"} {
		if got, ok := r.Step(path); !ok || !got.Success() {
			t.Errorf("%s: %v, %v", path, ok, got.Status())
		}
	}
}

func TestTheCleanupRunsWhateverBecameOfTheBody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body func(context.Context, int) (int, error)
		opts []weir.RunOption
		want error
		code plan.Code
	}{
		"failure": {body: fails, want: errBoom, code: plan.CodeFailed},
		"panic":   {body: func(context.Context, int) (int, error) { panic(errBoom) }, want: errBoom, code: plan.CodePanic},
		"abort":   {body: func(context.Context, int) (int, error) { return 0, hook.Abort("no") }, want: weir.ErrAborted, code: plan.CodeAborted},
		"missing": {body: func(context.Context, int) (int, error) { return 0, plan.ErrMissingAgent }, want: weir.ErrMissingAgent, code: plan.CodeMissingAgent},
		"budget": {body: func(ctx context.Context, n int) (int, error) {
			return n, usage.Report(ctx, usage.Usage{Requests: 2})
		}, opts: []weir.RunOption{weir.Budget(usage.Limits{Calls: usage.AtMost(1)})}, want: weir.ErrBudget, code: plan.CodeBudget},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s sweep
			after := false
			_, err := execute(t, t.Context(), weir.Then(finally.Do("work", weir.Func("body", c.body), s.step()),
				weir.Func("after", func(context.Context, int) (int, error) { after = true; return 0, nil })), c.opts...)
			e, ok := errors.AsType[*weir.StepError](err)
			if !ok || e.Path != "work/body" || !errors.Is(err, c.want) || plan.CodeOf(err) != c.code {
				t.Errorf("error %v, code %s", err, plan.CodeOf(err))
			}
			if len(s.told) != 1 || s.told[0].Err != err || after {
				t.Errorf("told %+v, went on %v", s.told, after)
			}
		})
	}
}

func TestTheCleanupHasTimeAndStateAfterACancellation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lock := state.NewKey[string]("lock")
		ctx, cancel := context.WithCancelCause(t.Context())
		body := weir.Func("body", func(c context.Context, n int) (int, error) {
			cancel(errors.New("the user left"))
			return wait(c, n)
		})
		take := weir.Func("take", func(c context.Context, n int) (int, error) { lock.Set(c, "held"); return n, nil })
		var told []error
		released := map[string]string{}
		release := func(name string) weir.Step[outcome, string] {
			return weir.Func(name, func(c context.Context, o outcome) (string, error) {
				select {
				case <-c.Done():
					t.Error("the cleanup was cancelled")
				case <-time.After(time.Second):
				}
				return lock.Get(c), usage.Report(c, usage.Usage{Requests: 1})
			})
		}
		done := weir.Func("done", func(c context.Context, all []string) (any, error) {
			due, ok := c.Deadline()
			if left := time.Until(due); !ok || left != finally.DefaultTimeout-time.Second {
				t.Errorf("the cleanup has %v left", left)
			}
			released["a"], released["b"] = all[0], all[1]
			return nil, nil
		})
		first := weir.Func("first", func(_ context.Context, o outcome) (outcome, error) { told = append(told, o.Err); return o, nil })
		r, err := execute(t, ctx, finally.Do("work", weir.Then(take, body),
			weir.Then3(first, parallel.All("both", release("a"), release("b")), done)))
		if !errors.Is(err, weir.ErrCanceled) || r.Status != weir.Canceled || !strings.Contains(err.Error(), "the user left") {
			t.Errorf("%v, %v", err, r.Status)
		}
		if len(told) != 1 || !errors.Is(told[0], weir.ErrCanceled) || released["a"] != "held" || released["b"] != "held" || r.Usage.Requests != 2 {
			t.Errorf("told %v, state %v, used %+v", told, released, r.Usage)
		}
		if s, ok := r.Step("work/cleanup/done"); !ok || !s.Success() {
			t.Errorf("the last step of the cleanup: %v, %v", ok, s.Status())
		}
	})
}

func TestTheCleanupRunsAfterTheRunsTimeIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s sweep
		_, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", wait), s.step()), weir.Budget(usage.Limits{Duration: time.Minute}))
		if !errors.Is(err, weir.ErrDuration) || len(s.told) != 1 || !errors.Is(s.told[0].Err, weir.ErrDuration) {
			t.Errorf("%v, told %+v", err, s.told)
		}
	})
}

func TestTheCleanupRunsWhenASiblingEndsTheGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s sweep
		late := weir.Func("late", func(context.Context, int) (int, error) { <-time.After(time.Second); return 0, hook.Abort("no") })
		_, err := execute(t, t.Context(), weir.Then(parallel.All("both", finally.Do("work", weir.Func("body", wait), s.step()), late),
			weir.Func("sum", func(context.Context, []int) (int, error) { return 0, nil })))
		if !errors.Is(err, weir.ErrAborted) || len(s.told) != 1 || !errors.Is(s.told[0].Err, context.Canceled) {
			t.Errorf("%v, told %+v", err, s.told)
		}
	})
}

func TestABodyThatIsNotBegunIsNotCleanedUpAfter(t *testing.T) {
	t.Parallel()
	var s sweep
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := execute(t, ctx, finally.Do("work", weir.Func("body", inc), s.step())); !errors.Is(err, weir.ErrCanceled) || s.told != nil {
		t.Errorf("%v, told %+v", err, s.told)
	}
}

func TestABodyThatWaitsForAPersonIsNotCleanedUpAfter(t *testing.T) {
	t.Parallel()
	var s sweep
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("ask", func(context.Context, int) (int, error) { return 0, plan.ErrPaused }), s.step()))
	if !errors.Is(err, weir.ErrPaused) || r.Status != weir.Paused || s.told != nil {
		t.Errorf("%v, %v, told %+v", err, r.Status, s.told)
	}
}

func TestACleanupMayWaitForAPersonUnlessTheRunHasEnded(t *testing.T) {
	t.Parallel()
	for _, body := range []func(context.Context, int) (int, error){inc, fails} {
		s := sweep{err: plan.ErrPaused}
		r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", body), s.step()))
		if plan.CodeOf(err) != plan.CodePaused || r.Status != weir.Paused || errors.Is(err, errBoom) {
			t.Errorf("%v, %v", err, r.Status)
		}
	}
	s := sweep{err: plan.ErrPaused}
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", func(context.Context, int) (int, error) { return 0, hook.Abort("no") }), s.step()))
	if plan.CodeOf(err) != plan.CodeAborted || r.Status != weir.Failed {
		t.Errorf("%v, %v", err, r.Status)
	}
}

func TestACleanupThatFailsFailsAStepThatHadSucceeded(t *testing.T) {
	t.Parallel()
	s := sweep{err: errBang}
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", inc), s.step()))
	w, _ := r.Step("work")
	if e, ok := errors.AsType[*weir.StepError](err); !ok || e.Path != "work/sweep" || !errors.Is(err, errBang) || w.Output() != 2 || w.Status() != weir.Failed {
		t.Errorf("%v; the step %v with %v", err, w.Status(), w.Output())
	}
	if w.Note("cleanup_error") != "weir: work/sweep (func): bang" {
		t.Errorf("noted %v", w.Metadata())
	}
}

func TestACleanupThatFailsIsJoinedToTheFailureOfTheBody(t *testing.T) {
	t.Parallel()
	s := sweep{err: errBang}
	_, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", fails), s.step()))
	e, ok := errors.AsType[*finally.Error](err)
	if !ok || !errors.Is(e.Err, errBoom) || !errors.Is(e.Cleanup, errBang) || plan.CodeOf(err) != plan.CodeFailed ||
		err.Error() != "weir: work (finally): work/body (func): boom; cleanup: work/sweep (func): bang" {
		t.Errorf("%v", err)
	}
	// It is an ordinary failure still.
	spare := fallback.To(finally.Do("work", weir.Func("body", fails), s.step()), weir.Func("spare", inc))
	if r, err := execute(t, t.Context(), spare); r.Output != 2 || err != nil {
		t.Errorf("with a fallback: %v, %v", r.Output, err)
	}
	s.err = hook.Abort("no")
	if r, err := execute(t, t.Context(), fallback.To(finally.Do("work", weir.Func("body", fails), s.step()), weir.Func("spare", inc))); plan.CodeOf(err) != plan.CodeAborted || !errors.Is(err, errBoom) {
		t.Errorf("a cleanup that aborts: %v, %v", r.Output, err)
	}
}

func TestWhatNobodyMaySwallowStaysAsItIs(t *testing.T) {
	t.Parallel()
	s := sweep{err: errBang}
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", func(context.Context, int) (int, error) { return 0, plan.ErrMissingAgent }), s.step()))
	w, _ := r.Step("work")
	if err.Error() != "weir: work/body (func): the step has no model to ask" || errors.Is(err, errBang) || w.Note("cleanup_error") != "weir: work/sweep (func): bang" {
		t.Errorf("%v, noted %v", err, w.Metadata())
	}
}

func TestAfterABreachAStepThatReportsUsageEndsTheCleanup(t *testing.T) {
	t.Parallel()
	spend := func(ctx context.Context, n int) (int, error) { return n, usage.Report(ctx, usage.Usage{Requests: 2}) }
	var ran []string
	part := func(name string, u usage.Usage) weir.Step[outcome, outcome] {
		return weir.Func(name, func(ctx context.Context, o outcome) (outcome, error) {
			ran = append(ran, name)
			if u.IsZero() {
				return o, nil
			}
			return o, usage.Report(ctx, u)
		})
	}
	r, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", spend),
		weir.Then3(part("free", usage.Usage{}), part("asks", usage.Usage{Requests: 1}), part("never", usage.Usage{}))),
		weir.Budget(usage.Limits{Calls: usage.AtMost(1)}))
	if e, ok := errors.AsType[*weir.StepError](err); !ok || e.Path != "work/body" || e.Code != plan.CodeBudget {
		t.Errorf("%v", err)
	}
	if strings.Join(ran, " ") != "free asks" || r.Usage.Requests != 3 {
		t.Errorf("ran %v, used %+v", ran, r.Usage)
	}
}

func TestACleanupThatTakesTooLongFailsWithATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := weir.Func("slow", func(ctx context.Context, _ outcome) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
		start := time.Now()
		_, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", inc), slow, finally.Within(time.Minute)))
		if !errors.Is(err, weir.ErrTimeout) || plan.Final(err) || time.Since(start) != time.Minute {
			t.Errorf("%v after %v, code %s", err, time.Since(start), plan.CodeOf(err))
		}
		// One that heeds no context ends late, and what comes after it is not begun.
		late := weir.Func("late", func(_ context.Context, o outcome) (outcome, error) { <-time.After(time.Hour); return o, nil })
		never := weir.Func("never", func(context.Context, outcome) (any, error) { t.Error("begun"); return nil, nil })
		if _, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", inc), weir.Then(late, never))); !errors.Is(err, weir.ErrTimeout) {
			t.Error(err)
		}
	})
}

func TestATimeoutOfTheStepStopsTheBodyAndNotTheCleanup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s sweep
		_, err := execute(t, t.Context(), finally.Do("work", weir.Func("body", wait), s.step()).With(timeout.After(time.Second)))
		if !errors.Is(err, weir.ErrTimeout) || plan.Final(err) || len(s.told) != 1 {
			t.Errorf("%v, told %+v", err, s.told)
		}
	})
}

func TestEachAttemptIsCleanedUpAfter(t *testing.T) {
	t.Parallel()
	var s sweep
	tries := 0
	body := weir.Func("body", func(context.Context, int) (int, error) {
		if tries++; tries < 3 {
			return 0, errBoom
		}
		return 7, nil
	})
	r, err := execute(t, t.Context(), finally.Do("work", body, s.step()).With(retry.UpTo(3)))
	if r.Output != 7 || err != nil || len(s.told) != 3 || s.told[2].Err != nil || s.told[0].Err == nil {
		t.Errorf("%v, %v, told %+v", r.Output, err, s.told)
	}
}

func TestEachItemIsCleanedUpAfter(t *testing.T) {
	t.Parallel()
	var s sweep
	body := weir.Func("body", func(_ context.Context, n int) (int, error) {
		if n == 2 {
			return 0, errBoom
		}
		return n, nil
	})
	p, err := weir.Compile(each.Collect("all", finally.Do("work", body, s.step())), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(t.Context(), []int{1, 2, 3})
	if err != nil || len(out) != 3 || out[1].Err == nil || len(s.told) != 3 {
		t.Errorf("%v, %v, told %+v", out, err, s.told)
	}
}

func TestTheStateIsThatOfTheStep(t *testing.T) {
	t.Parallel()
	x := state.NewKey[string]("x")
	for _, good := range []bool{true, false} {
		write := weir.Func("write", func(ctx context.Context, n int) (int, error) { x.Set(ctx, "body"); return n, nil })
		end := weir.Func("end", func(ctx context.Context, n int) (int, error) {
			x.Set(ctx, "lost")
			if good {
				x.Set(ctx, "end")
				return n, nil
			}
			return 0, errBoom
		})
		saw := ""
		clean := weir.Func("clean", func(ctx context.Context, _ outcome) (any, error) {
			saw = x.Get(ctx)
			x.Set(ctx, saw+", clean")
			return nil, nil
		})
		r, _ := execute(t, t.Context(), finally.Do("work", weir.Then(write, end), clean))
		got, _ := x.From(r.State)
		want, left := "end", "end, clean"
		if !good {
			want, left = "body", "" // the failed step leaves nothing, and the step round it neither
		}
		if saw != want || got != left {
			t.Errorf("good %v: the cleanup saw %q, left is %q", good, saw, got)
		}
	}
}

func TestMistakesAreReported(t *testing.T) {
	t.Parallel()
	var s sweep
	var none step
	for want, wrong := range map[string]step{
		"cleanup_timeout is 0s":           finally.Do("work", weir.Func("body", inc), s.step(), finally.Within(0)),
		"work: the step is empty":         finally.Do("work", none, s.step()),
		"work/cleanup: the step is empty": finally.Do("work", weir.Func("body", inc), weir.Step[outcome, any]{}),
	} {
		if _, err := weir.Compile(wrong, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if _, err := (&finally.Spec{Timeout: 1}).Node(); err == nil || !strings.Contains(err.Error(), "there is no body") || !strings.Contains(err.Error(), "there is no cleanup") {
		t.Error(err)
	}
}

func TestABlueprintsCleanupIsGivenAMap(t *testing.T) {
	t.Parallel()
	for want, body := range map[string]func(context.Context, int) (int, error){
		"map[code: error: input:1 output:2 path: status:completed]":                                                                 inc,
		"map[code:failed error:weir: work/body (func): boom input:1 output:<nil> path:work/body status:failed]":                     fails,
		"map[code:canceled error:weir: work/body (func): the run was canceled input:1 output:<nil> path:work/body status:canceled]": func(context.Context, int) (int, error) { return 0, plan.ErrCanceled },
	} {
		got := ""
		clean := weir.Func("clean", func(_ context.Context, m map[string]any) (any, error) { got = fmt.Sprint(m); return nil, nil })
		own, ok := finally.Kind().New().(*finally.Spec)
		if !ok {
			t.Fatal("the kind makes another spec")
		}
		own.Body.Step, own.Cleanup.Step = weir.Func("body", body).Written(), clean.Written()
		n, err := own.Node()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = execute(t, t.Context(), weir.Make[int, int]("work", n))
		if got != want {
			t.Errorf("given %s\nwant  %s", got, want)
		}
	}
}
