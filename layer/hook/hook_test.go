package hook_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

var errBoom = errors.New("boom")

// ear writes down what it is told of steps, and answers as it is told to, by event.
type ear struct {
	told   []string
	ends   []hook.StepEnd
	answer map[string]error
}

func (e *ear) tell(event, path string) error {
	e.told = append(e.told, event+" "+path)
	return e.answer[event]
}

func (e *ear) PreStep(_ context.Context, s hook.Step) error { return e.tell("pre", s.Path) }

func (e *ear) PostStep(_ context.Context, s hook.StepEnd) error {
	e.ends = append(e.ends, s)
	return e.tell("post", s.Path)
}

func (e *ear) OnStepFailure(_ context.Context, s hook.StepEnd) error {
	e.ends = append(e.ends, s)
	return e.tell("failure", s.Path)
}

func (e *ear) heard(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(e.told, ", "); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
}

func inc(_ context.Context, n int) (int, error) { return n + 1, nil }

func run(t *testing.T, s weir.Step[int, int]) (*weir.Result[int], error) {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), 1)
}

func TestAHookRoundAStepInALoopIsToldOfEachRound(t *testing.T) {
	t.Parallel()
	var e ear
	if _, err := run(t, loop.Times("rounds", 2, weir.Func("body", inc).With(hook.Round(&e)))); err != nil {
		t.Fatal(err)
	}
	e.heard(t, "pre rounds[0]/body, post rounds[0]/body, pre rounds[1]/body, post rounds[1]/body")
}

func TestAHookIsToldOnceAStepAndNotOnceAnAttempt(t *testing.T) {
	t.Parallel()
	var e ear
	calls := 0
	s := weir.Func("flaky", func(context.Context, int) (int, error) {
		if calls++; calls < 3 {
			return 0, errBoom
		}
		return 7, nil
	}).With(hook.Round(&e), retry.UpTo(3))
	if _, err := run(t, s); err != nil {
		t.Fatal(err)
	}
	e.heard(t, "pre flaky, post flaky")
	if end := e.ends[0]; end.Attempts != 3 || end.Output != 7 {
		t.Errorf("told %+v", end)
	}
}

func TestAPanicOfTheStepIsToldAsItsFailure(t *testing.T) {
	t.Parallel()
	var e ear
	_, err := run(t, weir.Func("bad", func(context.Context, int) (int, error) { panic("kaput") }).With(hook.Round(&e)))
	e.heard(t, "pre bad, failure bad")
	if p, ok := errors.AsType[*weir.PanicError](err); !ok || !strings.Contains(string(p.Stack), "hook_test.go") || e.ends[0].Err != error(p) {
		t.Errorf("%v; want the panic with its stack", err)
	}
}

func TestAHitOfACacheIsTold(t *testing.T) {
	t.Parallel()
	var e ear
	l := hook.Round(&e)
	op := layertest.Build(t, layertest.Step(func(_ context.Context, f plan.Frame, in any) (any, error) {
		f.Note(nil, "cache_hit", true)
		return in, nil
	}, l))
	if _, err := op(t.Context(), &layertest.Frame{}, 1); err != nil || !e.ends[0].CacheHit {
		t.Errorf("%v, told %+v", err, e.ends)
	}
}

func TestAnAbortOfAnInnerHookIsNoFailureOfTheStep(t *testing.T) {
	t.Parallel()
	outer, inner := ear{}, ear{answer: map[string]error{"pre": hook.Abort("no")}}
	r, err := run(t, weir.Func("a", inc).With(hook.Round(&outer), hook.Round(&inner)))
	if _, reached := r.Step("a"); reached || !errors.Is(err, weir.ErrAborted) {
		t.Errorf("reached %v, %v", reached, err)
	}
	outer.heard(t, "pre a")
}

func TestAnAbortInABranchEndsTheRun(t *testing.T) {
	t.Parallel()
	e := ear{answer: map[string]error{"post": hook.Abort("no")}}
	s := parallel.All("both", weir.Func("x", inc).With(hook.Round(&e)), weir.Func("y", inc))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1)
	if x, ok := r.Step("both/x"); !ok || !x.Success() || !errors.Is(err, weir.ErrAborted) {
		t.Errorf("%v, the branch %v", err, x.Status())
	}
}

func TestWhatNobodyMaySwallowIsNotMixedWithAHooksError(t *testing.T) {
	t.Parallel()
	for _, answer := range []error{hook.Abort("no"), errBoom} {
		e := ear{answer: map[string]error{"failure": answer}}
		f := &layertest.Frame{}
		op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
			return nil, plan.ErrBudget
		}, hook.Round(&e, hook.Strict())))
		if _, err := op(t.Context(), f, 1); err != error(plan.ErrBudget) || f.Notes["warnings"] == nil {
			t.Errorf("%v, noted %v", err, f.Notes)
		}
		e.heard(t, "pre step, failure step")
	}
}

func TestAStepThatKeepsItsStateKeepsItBesideAHooksError(t *testing.T) {
	t.Parallel()
	e := ear{answer: map[string]error{"failure": errBoom}}
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
		return nil, plan.KeepState(errors.New("a branch failed"))
	}, hook.Round(&e, hook.Strict())))
	_, err := op(t.Context(), &layertest.Frame{}, 1)
	if inner, kept := plan.StateKept(err); !kept || !errors.Is(inner, errBoom) {
		t.Errorf("%#v; the mark is gone", err)
	}
	if _, marked := plan.StateKept(e.ends[0].Err); marked {
		t.Error("the hook sees the mark")
	}
}

func TestAHookSeesTheRunsState(t *testing.T) {
	t.Parallel()
	key := state.NewKey[int]("n")
	reads := &reader{key: key}
	s := weir.Func("a", func(ctx context.Context, n int) (int, error) { key.Set(ctx, 5); return n, nil }).With(hook.Round(reads))
	if _, err := run(t, s); err != nil || reads.got != 5 {
		t.Errorf("%v, read %d", err, reads.got)
	}
}

type reader struct {
	key state.Key[int]
	got int
}

func (r *reader) PostStep(ctx context.Context, _ hook.StepEnd) error {
	r.got = r.key.Get(ctx)
	return nil
}

// memory answers decisions from what it has heard before.
type memory map[string]any

type answer struct {
	v   any
	err error
}

func (m memory) decide(at *plan.Site, name string) plan.Decision {
	return func(_ context.Context, f plan.Frame, _ int, decide func() (any, error)) (any, error) {
		key := f.Key(at) + " " + name
		if a, ok := m[key].(answer); ok {
			return a.v, a.err
		}
		v, err := decide()
		m[key] = answer{v, err}
		return v, err
	}
}

func TestARunThatIsResumedTellsAStepWithChildrenNothingTwice(t *testing.T) {
	t.Parallel()
	outer, inner := ear{answer: map[string]error{"pre": errBoom}}, ear{}
	s := loop.Times("rounds", 2, weir.Func("body", inc)).With(hook.Round(&outer), hook.Round(&inner))
	m := memory{}
	p, err := plan.Build(s.Written(), plan.Options{Decide: m.decide})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if out, err := (&local.Engine{}).Drive(t.Context(), p, 1, nil, nil); out != 3 || err != nil {
			t.Errorf("%v, %v", out, err)
		}
	}
	outer.heard(t, "pre rounds, post rounds")
	inner.heard(t, "pre rounds, post rounds")
	names := make([]string, 0, len(m))
	for key := range m {
		names = append(names, key)
	}
	slices.Sort(names)
	if got := strings.Join(names, ", "); got != "rounds hook.0.end, rounds hook.0.pre_step, rounds hook.1.end, rounds hook.1.pre_step" {
		t.Errorf("decisions %s", got)
	}
}

func TestAHookThatHearsNothingOfStepsIsAMistake(t *testing.T) {
	t.Parallel()
	for want, h := range map[string]hook.Hook{
		"the hook is nil": nil, "a step has nothing to tell int": 3, "a step has nothing to tell hook_test.ending": ending{},
	} {
		if err := layertest.Mistake(t, layertest.Step(pass, hook.Round(h))); !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	l := hook.Round(&ear{})
	if err := layertest.Mistake(t, layertest.Step(pass, l, l)); !strings.Contains(err.Error(), "stands twice") {
		t.Error(err)
	}
}

func pass(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }

type ending struct{}

func (ending) PostRun(context.Context, hook.RunEnd) error { return nil }
