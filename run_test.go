package weir_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

func fails(context.Context, int) (int, error) { return 0, errBoom }

func TestAStepThatFailsIsNamedAndEndsTheRun(t *testing.T) {
	t.Parallel()
	after := false
	p := compile(t, weir.Chain("main", weir.Func("a", inc), weir.Func("b", fails), weir.Func("c", func(context.Context, int) (int, error) {
		after = true
		return 0, nil
	})))
	r, err := p.Execute(t.Context(), 1)
	wants(t, err, "weir: main/b (func): boom")
	e, ok := errors.AsType[*weir.StepError](err)
	if !ok || e.Path != "main/b" || e.Kind != "func" || e.Attempt != 1 || e.Code != plan.CodeFailed || !errors.Is(err, errBoom) {
		t.Errorf("%#v", e)
	}
	if after {
		t.Error("a step after the failed one ran")
	}
	if r.Status != weir.Failed || len(r.Steps) != 1 || len(r.Steps[0].Steps()) != 2 {
		t.Fatalf("status %v, steps %v", r.Status, r.Steps)
	}
	if s, _ := r.Step("main/b"); s.Status() != weir.Failed || !errors.Is(s.Err(), errBoom) || s.Feedback() == "" {
		t.Errorf("the record of the step: %v %v", s.Status(), s.Err())
	}
	if s, _ := r.Step("main"); s.Status() != weir.Failed || s.Count() != 1 {
		t.Errorf("the record of the chain: %v, count %d", s.Status(), s.Count())
	}
}

func TestAPanicIsAFailureWithItsStack(t *testing.T) {
	t.Parallel()
	for _, drop := range [][]string{nil, {"all"}} {
		p, err := weir.Compile(weir.Then(weir.Func("a", inc), weir.Then(weir.Func("b", inc), weir.Func("c", func(context.Context, int) (int, error) {
			panic("kaput")
		}))), &weir.Config{Without: drop})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Run(t.Context(), 1)
		wants(t, err, "weir: c (func): panic: kaput")
		if e, ok := errors.AsType[*weir.PanicError](err); !ok || !strings.Contains(string(e.Stack), "run_test.go") {
			t.Error("no stack that leads to the panic")
		}
	}
}

func TestB029_NilIsALegalOutputAndTheNextStepGetsIt(t *testing.T) {
	t.Parallel()
	var got any = "untouched"
	p := compile(t, weir.Then(
		weir.Func("nil", func(context.Context, int) (any, error) { return nil, nil }),
		weir.Func("next", func(_ context.Context, v any) (*int, error) { got = v; return nil, nil })))
	out, err := p.Run(t.Context(), 1)
	if out != nil || err != nil || got != nil {
		t.Errorf("out %v, err %v, next got %v", out, err, got)
	}
}

func TestAnEmptyChainReturnsItsInput(t *testing.T) {
	t.Parallel()
	if got, err := weir.Do(t.Context(), weir.Chain[int]("nothing"), 7); got != 7 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestACancelledContextRunsNoStepAndSaysWhy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the user left"))
	ran := false
	p := compile(t, weir.Func("a", func(context.Context, int) (int, error) { ran = true; return 0, nil }))
	r, err := p.Execute(ctx, 1)
	if ran || !errors.Is(err, weir.ErrCanceled) || !errors.Is(err, context.Canceled) || r.Status != weir.Canceled {
		t.Errorf("ran %v, err %v, status %v", ran, err, r.Status)
	}
	wants(t, err, "the user left")
}

func TestCancellationDuringAStepIsNotThatStepsFailure(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := compile(t, weir.Chain("main", weir.Func("a", inc), weir.Func("b", func(ctx context.Context, _ int) (int, error) {
		cancel()
		<-ctx.Done()
		return 0, errors.New("connection reset")
	})))
	r, err := p.Execute(ctx, 1)
	if !errors.Is(err, weir.ErrCanceled) {
		t.Errorf("err %v", err)
	}
	a, _ := r.Step("main/a")
	b, _ := r.Step("main/b")
	if a.Status() != weir.Completed || b.Status() != weir.Canceled {
		t.Errorf("a %v, b %v", a.Status(), b.Status())
	}
}

func TestAStepsOwnContextErrorIsAnOrdinaryFailure(t *testing.T) {
	t.Parallel()
	p := compile(t, weir.Func("own", func(context.Context, int) (int, error) { return 0, context.DeadlineExceeded }))
	_, err := p.Run(t.Context(), 1)
	if errors.Is(err, weir.ErrCanceled) || plan.Final(err) {
		t.Errorf("a step's own deadline was taken for the caller's: %v", err)
	}
}

func TestB033_AFailedStepLeavesNothingInTheState(t *testing.T) {
	t.Parallel()
	x := state.NewKey[int]("x")
	p := compile(t, weir.Then(
		weir.Func("good", func(ctx context.Context, n int) (int, error) { x.Set(ctx, 1); return n, nil }),
		weir.Func("bad", func(ctx context.Context, _ int) (int, error) { x.Set(ctx, 2); return 0, errBoom })))
	r, err := p.Execute(t.Context(), 1)
	if err == nil {
		t.Fatal("no failure")
	}
	if v, ok := x.From(r.State); v != 1 || !ok {
		t.Errorf("x is %d, %v; want what the good step wrote", v, ok)
	}
}

func TestStateOfTheCallerIsThereAtTheStart(t *testing.T) {
	t.Parallel()
	x := state.NewKey[string]("x")
	p := compile(t, weir.Func("read", func(ctx context.Context, _ int) (string, error) { return x.Get(ctx), nil }))
	if got, err := p.Run(t.Context(), 1, weir.State(x.With("given"))); got != "given" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := p.Run(t.Context(), 1); got != "" || err != nil {
		t.Errorf("the next run saw %q, %v", got, err)
	}
}

func TestALimitOnTokensEndsTheRunAfterTheStepThatPassedIt(t *testing.T) {
	t.Parallel()
	spend := func(ctx context.Context, n int) (int, error) {
		return n + 1, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 60})
	}
	p := compile(t, weir.Chain("main", weir.Func("a", spend), weir.Func("b", spend), weir.Func("c", spend)))
	r, err := p.Execute(t.Context(), 0, weir.Budget(usage.Limits{Tokens: usage.AtMost(100)}))
	if !errors.Is(err, weir.ErrBudget) {
		t.Fatalf("err %v", err)
	}
	wants(t, err, "main/b")
	b, _ := r.Step("main/b")
	if _, reached := r.Step("main/c"); reached || b.Status() != weir.Completed || r.Usage.Tokens() != 120 || b.Usage().Tokens() != 60 {
		t.Errorf("c reached %v, b %v, run %d tokens, b %d", reached, b.Status(), r.Usage.Tokens(), b.Usage().Tokens())
	}
	if _, err = p.Run(t.Context(), 0, weir.Budget(usage.Limits{Tokens: usage.AtMost(180)})); err != nil {
		t.Errorf("spent == limit is allowed: %v", err)
	}
}

func TestALimitOnDurationHasItsOwnCode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := compile(t, weir.Func("slow", func(ctx context.Context, n int) (int, error) {
			select {
			case <-time.After(time.Hour):
				return n, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}))
		_, err := p.Run(t.Context(), 1, weir.Budget(usage.Limits{Duration: time.Minute}))
		if !errors.Is(err, weir.ErrDuration) || errors.Is(err, weir.ErrTimeout) {
			t.Errorf("err %v", err)
		}
	})
}

func TestAStepMayNotReturnMoreTextThanTheLimit(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(weir.Func("big", func(context.Context, int) (string, error) { return strings.Repeat("x", 100), nil }), &weir.Config{MaxOutput: 99})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), 1)
	wants(t, err, "big", "returned 100 bytes, more than the 99")
	if plan.CodeOf(err) != plan.CodeOutputSize {
		t.Errorf("code %q", plan.CodeOf(err))
	}
}

func TestManyRunsOfOnePlanDoNotMeet(t *testing.T) {
	t.Parallel()
	x := state.NewKey[int]("x")
	p := compile(t, weir.Then(
		weir.Func("write", func(ctx context.Context, n int) (int, error) { x.Set(ctx, n); return n, nil }),
		weir.Func("read", func(ctx context.Context, n int) (int, error) {
			if got := x.Get(ctx); got != n {
				return 0, fmt.Errorf("run %d sees the state of run %d", n, got)
			}
			return n, nil
		})))
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 500 {
				if got, err := p.Run(t.Context(), i*1000+j); err != nil || got != i*1000+j {
					t.Errorf("%v, %v", got, err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func TestEventsTellTheWholeRunInOrderAndEnd(t *testing.T) {
	t.Parallel()
	p := compile(t, weir.Chain("main", weir.Func("a", inc), weir.Func("b", fails)))
	r, err := p.Start(t.Context(), 1, weir.ID("run-7"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for e := range r.Events() {
		if e.Run != "run-7" {
			t.Errorf("event of run %q", e.Run)
		}
		got = append(got, strings.TrimSpace(string(e.Type)+" "+e.Path))
	}
	want := "run.started, step.started main/a, step.completed main/a, step.started main/b, step.failed main/b, run.failed"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	result, err := r.Wait(t.Context())
	if err == nil || result.ID != "run-7" || r.Status() != weir.Failed {
		t.Errorf("result %v, err %v, status %v", result, err, r.Status())
	}
}

func TestCancelEndsARunThatWasStarted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := compile(t, weir.Func("wait", func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }))
		r, err := p.Start(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if r.Status() != weir.Running || r.Pending() != nil {
			t.Errorf("status %v, pending %v", r.Status(), r.Pending())
		}
		if err := r.Answer(t.Context(), "nobody", 1); !errors.Is(err, weir.ErrNotFound) {
			t.Errorf("an answer to nothing: %v", err)
		}
		r.Cancel(errors.New("enough"))
		_, err = r.Wait(t.Context())
		if !errors.Is(err, weir.ErrCanceled) {
			t.Errorf("err %v", err)
		}
		wants(t, err, "enough")
	})
}

func TestAReaderThatFallsBehindIsToldWhatItMissed(t *testing.T) {
	t.Parallel()
	steps := make([]weir.Step[int, int], 100)
	for i := range steps {
		steps[i] = weir.Func(fmt.Sprint("s", i), inc)
	}
	body := weir.Chain("body", steps...)
	many := make([]weir.Step[int, int], 100)
	for i := range many {
		many[i] = body.Named(fmt.Sprint("b", i))
	}
	r, err := compile(t, weir.Chain("main", many...)).Start(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, n := weir.Event{}, 0
	for e := range r.Events() {
		if n == 0 {
			first = e
		}
		n++
	}
	if first.Type != telemetry.EventsDropped || first.Done+n-1 != 20_002 {
		t.Errorf("first %v with %d, then %d events", first.Type, first.Done, n-1)
	}
	for range r.Events() {
		break // a range may stop early
	}
}

// broken panics in everything it is asked.
type broken struct{}

func (broken) Event(context.Context, *telemetry.Event) { panic("telemetry is down") }
func (broken) Add(context.Context, usage.Usage)        { panic("the meter is down") }
func (broken) Total() usage.Usage                      { return usage.Usage{} }

func TestB020_ARecorderOrMeterThatFailsDoesNotTouchTheResult(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(weir.Func("a", func(ctx context.Context, n int) (int, error) {
		return n + 1, usage.Report(ctx, usage.Usage{Requests: 1})
	}), &weir.Config{Telemetry: broken{}, Meter: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Run(t.Context(), 1); got != 2 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTheInjectedMeterIsTheOneThatIsTold(t *testing.T) {
	t.Parallel()
	var m usage.Totals
	p, err := weir.Compile(weir.Func("a", func(ctx context.Context, n int) (int, error) {
		return n + 1, usage.Report(ctx, usage.Usage{Requests: 1, OutputTokens: 3})
	}), &weir.Config{Meter: &m})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := p.Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.Total(); got.Requests != 3 || got.OutputTokens != 9 {
		t.Errorf("%+v", got)
	}
}

func TestMeasureFillsWhatOnlyTheProcessKnows(t *testing.T) {
	t.Parallel()
	p := compile(t, weir.Func("big", func(context.Context, int) ([]byte, error) { return make([]byte, 1<<20), nil }))
	r, err := p.Execute(t.Context(), 1, weir.Measure())
	if err != nil || r.Metrics.AllocatedBytes < 1<<20 || r.Metrics.Executions != 1 || r.Elapsed <= 0 {
		t.Errorf("%+v, %v", r.Metrics, err)
	}
}

func TestRunsAllocateWhatTheDocsPromise(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "") // the promise is that of the optimised plan
	p := compile(t, chain10(increment))
	ctx := t.Context()
	if n := testing.AllocsPerRun(500, func() { must(p.Run(ctx, 1)) }); n > 2 {
		t.Errorf("a run of ten steps allocates %v times", n)
	}
	if n := testing.AllocsPerRun(500, func() { must(p.Execute(ctx, 1)) }); n > 4 {
		t.Errorf("Execute of ten steps allocates %v times", n)
	}
	text := compile(t, chain10(func(_ context.Context, s string) (string, error) { return s[1:] + s[:1], nil }))
	if n := testing.AllocsPerRun(500, func() { must(text.Run(ctx, "0123456789")) }); n > 2+10+11 {
		t.Errorf("ten steps over a string allocate %v times, its own ten included", n)
	}
}

func TestFailuresAreCountedAndAMiddleStepsOutputIsNotTheRuns(t *testing.T) {
	t.Parallel()
	odd := weir.Dynamic(&plan.Step{Name: "odd", Node: failing{}, In: nil, Out: nil})
	last := weir.Dynamic(&plan.Step{Node: &plan.Sequence{Steps: []*plan.Step{weir.Func("a", inc).Written(), odd.Written()}}})
	r, err := compile(t, last).Execute(t.Context(), 1)
	if s, _ := r.Step("odd"); err == nil || s.Failures() != 1 || s.Output() != "kept" || r.Output != "kept" {
		t.Errorf("%v: %d failures, output %v, the run's %v", err, s.Failures(), s.Output(), r.Output)
	}
	middle := weir.Dynamic(&plan.Step{Node: &plan.Sequence{Steps: []*plan.Step{odd.Written(), weir.Func("a", inc).Written()}}})
	r, err = compile(t, middle).Execute(t.Context(), 1)
	if s, _ := r.Step("odd"); err == nil || s.Output() != "kept" || r.Output != nil {
		t.Errorf("%v: output %v, the run's %v", err, s.Output(), r.Output)
	}
}

// failing returns a value beside its error.
type failing struct{}

func (failing) Kind() string           { return "failing" }
func (failing) Children() []plan.Child { return nil }
func (failing) Build(*plan.Builder) plan.Op {
	return func(context.Context, plan.Frame, any) (any, error) { return "kept", errBoom }
}
