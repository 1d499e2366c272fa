package failure_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/layer/failure"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
)

var errBoom = errors.New("boom")

func fails(context.Context, int) (int, error) { return 0, errBoom }

// calls makes handlers that write down their names, and answer what they are given.
type calls struct {
	names  []string
	failed []failure.Failure
}

func (c *calls) handler(name string, answer error) failure.Handler {
	return func(_ context.Context, f failure.Failure) error {
		c.names, c.failed = append(c.names, name), append(c.failed, f)
		return answer
	}
}

func run(t *testing.T, s weir.Step[int, int]) error {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Execute(t.Context(), 1, weir.ID("run-1"))
	return err
}

func TestHandlersAreCalledInOrderWithTheFailure(t *testing.T) {
	t.Parallel()
	var c calls
	err := run(t, loop.Times("rounds", 1, weir.Func("a", fails).With(failure.Handle(c.handler("one", nil), c.handler("two", nil)), retry.UpTo(2))))
	if strings.Join(c.names, " ") != "one two" || err.Error() != "weir: rounds[0]/a (func, attempt 2): boom" {
		t.Errorf("called %v, error %v", c.names, err)
	}
	want := failure.Failure{Run: "run-1", Path: "rounds[0]/a", Name: "a", Kind: "func", Input: 1, Attempts: 2, Code: plan.CodeFailed, Message: "boom", Err: errBoom}
	if c.failed[0] != want || c.failed[1] != want {
		t.Errorf("told %+v", c.failed)
	}
	if text, err := json.Marshal(want); err != nil || !strings.Contains(string(text), `"message":"boom"`) {
		t.Errorf("as JSON %s, %v", text, err)
	}
}

func TestAFailureThatWasMendedIsNotHandled(t *testing.T) {
	t.Parallel()
	var c calls
	tries := 0
	flaky := weir.Func("flaky", func(context.Context, int) (int, error) {
		if tries++; tries < 2 {
			return 0, errBoom
		}
		return 1, nil
	}).With(failure.Handle(c.handler("retried", nil)), retry.UpTo(2))
	mended := fallback.To(weir.Func("broken", fails), weir.Func("spare", func(context.Context, int) (int, error) { return 2, nil })).
		With(failure.Handle(c.handler("round the fallback", nil)))
	if err := run(t, weir.Then(flaky, mended)); err != nil || c.names != nil {
		t.Errorf("%v, called %v", err, c.names)
	}
	lost := fallback.To(weir.Func("broken", fails).With(failure.Handle(c.handler("primary", nil))), weir.Func("spare", fails)).
		With(failure.Handle(c.handler("whole", nil)))
	if err := run(t, lost); !errors.Is(err, errBoom) || strings.Join(c.names, ", ") != "primary, whole" {
		t.Errorf("%v, called %v", err, c.names)
	}
}

func TestTheErrorOfAHandlerIsJoinedToTheSteps(t *testing.T) {
	t.Parallel()
	var c calls
	down, full := errors.New("mail is down"), errors.New("the disk is full")
	panics := func(context.Context, failure.Failure) error { panic("kaput") }
	err := run(t, weir.Func("a", fails).With(failure.Handle(c.handler("one", down), panics, c.handler("two", full))))
	if strings.Join(c.names, " ") != "one two" || err.Error() != "weir: a (func): boom; on_failure: mail is down; panic: kaput; the disk is full" {
		t.Errorf("called %v, error %v", c.names, err)
	}
	e, ok := errors.AsType[*failure.Error](err)
	if !ok || e.Err != errBoom || !errors.Is(err, errBoom) || !errors.Is(err, down) || !errors.Is(err, full) || plan.CodeOf(err) != plan.CodeFailed {
		t.Errorf("%#v", err)
	}
}

func TestAHandlerMayAbortTheRun(t *testing.T) {
	t.Parallel()
	var c calls
	s := weir.Func("a", fails).With(failure.Handle(c.handler("one", weir.ErrAborted), c.handler("two", nil)))
	err := run(t, fallback.To(s, weir.Func("spare", fails)))
	if strings.Join(c.names, " ") != "one" || plan.CodeOf(err) != plan.CodeAborted || !errors.Is(err, errBoom) {
		t.Errorf("called %v, error %v", c.names, err)
	}
}

func TestWhatNobodyMaySwallowIsNotHandled(t *testing.T) {
	t.Parallel()
	var c calls
	l := failure.Handle(c.handler("one", errBoom))
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted, plan.ErrCanceled} {
		op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return "kept", final }, l))
		if out, err := op(t.Context(), &layertest.Frame{}, 1); err != final || out != "kept" {
			t.Errorf("%v, %v", out, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return nil, errBoom }, l))
	if _, err := op(ctx, &layertest.Frame{}, 1); err != errBoom || c.names != nil {
		t.Errorf("%v, called %v", err, c.names)
	}
}

func TestAPanicOfTheStepIsHandled(t *testing.T) {
	t.Parallel()
	var c calls
	err := run(t, weir.Func("a", func(context.Context, int) (int, error) { panic("kaput") }).With(failure.Handle(c.handler("one", nil))))
	if len(c.failed) != 1 || c.failed[0].Code != plan.CodePanic || plan.CodeOf(err) != plan.CodePanic {
		t.Errorf("%v, told %+v", err, c.failed)
	}
}

func TestAStepThatKeepsItsStateKeepsItBesideAHandlersError(t *testing.T) {
	t.Parallel()
	var c calls
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
		return nil, plan.KeepState(errBoom)
	}, failure.Handle(c.handler("one", errors.New("mail is down")))))
	_, err := op(t.Context(), &layertest.Frame{}, 1)
	if _, kept := plan.StateKept(err); !kept || c.failed[0].Err != errBoom {
		t.Errorf("%#v, told %+v", err, c.failed)
	}
}

func TestRegisteredFunctionsAreGivenTheFailure(t *testing.T) {
	t.Parallel()
	var got any
	note := spec.Func{Name: "note", Call: func(_ context.Context, _ plan.Frame, in any) (any, error) { got = in; return "dropped", nil }}
	broken := spec.Func{Name: "broken", Call: func(context.Context, plan.Frame, any) (any, error) { return nil, errors.New("mail is down") }}
	err := run(t, weir.Func("a", fails).With(failure.Call(note, broken)))
	if f, ok := got.(failure.Failure); !ok || f.Path != "a" || err.Error() != "weir: a (func): boom; on_failure: mail is down" {
		t.Errorf("given %v, error %v", got, err)
	}
}

func TestAHandlerOfAStepWithChildrenIsNotCalledAgainByAResumedRun(t *testing.T) {
	t.Parallel()
	var c calls
	s := loop.Times("rounds", 2, weir.Func("body", fails)).
		With(failure.Handle(c.handler("outer", nil)), failure.Handle(c.handler("inner", errors.New("mail is down"))))
	known := map[string]error{}
	p, err := plan.Build(s.Written(), plan.Options{Decide: func(_ *plan.Site, name string) plan.Decision {
		return func(_ context.Context, _ plan.Frame, _ int, decide func() (any, error)) (any, error) {
			if err, ok := known[name]; ok {
				return nil, err
			}
			_, err := decide()
			known[name] = err
			return nil, err
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := (&local.Engine{}).Drive(t.Context(), p, 1, nil, nil)
		if err == nil || err.Error() != "weir: rounds (loop): rounds[0]/body (func): boom; on_failure: mail is down" {
			t.Errorf("error %v", err)
		}
	}
	if strings.Join(c.names, " ") != "inner outer" || len(known) != 2 {
		t.Errorf("called %v, decided %v", c.names, known)
	}
}

func TestHandlersThatCannotBeAreMistakes(t *testing.T) {
	t.Parallel()
	for _, l := range []plan.Layer{failure.Handle(nil), failure.Call(spec.Func{})} {
		if err := layertest.Mistake(t, layertest.Step(pass, l)); !strings.Contains(err.Error(), "a failure handler is nil") {
			t.Error(err)
		}
	}
	var c calls
	l := failure.Handle(c.handler("one", nil))
	if err := layertest.Mistake(t, layertest.Step(pass, l, l)); !strings.Contains(err.Error(), "stand twice") {
		t.Error(err)
	}
}

func TestAStepThatSucceedsAllocatesNothing(t *testing.T) {
	var c calls
	op := layertest.Build(t, layertest.Step(pass, failure.Handle(), failure.Handle(c.handler("one", nil))))
	f, ctx, in := &layertest.Frame{}, t.Context(), any(1)
	if n := testing.AllocsPerRun(100, func() { _, _ = op(ctx, f, in) }); n > 0 || c.names != nil {
		t.Errorf("%v allocations, called %v", n, c.names)
	}
}

func pass(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
