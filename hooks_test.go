package weir_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// listener writes down what it is told, and answers as it is told to.
type listener struct {
	mu     sync.Mutex
	told   []string
	begun  []hook.Run
	ends   []hook.RunEnd
	steps  []hook.StepEnd
	answer map[string]error // by event, or event and path; a panic for errPanic
	ctx    func(event string, ctx context.Context)
}

var errPanic = errors.New("panic instead")

func (l *listener) tell(ctx context.Context, event, path string) error {
	l.mu.Lock()
	l.told = append(l.told, strings.TrimSpace(event+" "+path))
	l.mu.Unlock()
	if l.ctx != nil {
		l.ctx(event, ctx)
	}
	err := l.answer[event]
	if at := l.answer[event+" "+path]; at != nil {
		err = at
	}
	if err == errPanic {
		panic("the hook is down")
	}
	return err
}

func (l *listener) PreRun(ctx context.Context, r hook.Run) error {
	l.begun = append(l.begun, r)
	return l.tell(ctx, "pre_run", "")
}

func (l *listener) PostRun(ctx context.Context, r hook.RunEnd) error {
	l.ends = append(l.ends, r)
	return l.tell(ctx, "post_run", r.Status.String())
}

func (l *listener) OnPause(ctx context.Context, _ hook.RunEnd) error {
	return l.tell(ctx, "on_pause", "")
}

func (l *listener) PreStep(ctx context.Context, s hook.Step) error {
	return l.tell(ctx, "pre_step", s.Path)
}

func (l *listener) PostStep(ctx context.Context, s hook.StepEnd) error {
	l.steps = append(l.steps, s)
	return l.tell(ctx, "post_step", s.Path)
}

func (l *listener) OnStepFailure(ctx context.Context, s hook.StepEnd) error {
	l.steps = append(l.steps, s)
	return l.tell(ctx, "on_step_failure", s.Path)
}

// heard fails unless this is what a hook was told.
func (l *listener) heard(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(l.told, want) {
		t.Errorf("told  %s\nwant  %s", strings.Join(l.told, ", "), strings.Join(want, ", "))
	}
}

// hooked compiles and executes a pipeline with hooks.
func hooked[O any](t *testing.T, s weir.Step[int, O], c *weir.Config, opts ...weir.RunOption) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), 1, opts...)
}

func with(hooks ...hook.Hook) *weir.Config { return &weir.Config{Hooks: hooks} }

func TestB145_HooksAreToldOfTheRunAndItsStepsInOrder(t *testing.T) {
	t.Parallel()
	var l listener
	if _, err := hooked(t, weir.Then(weir.Func("a", inc), weir.Func("b", inc)), with(&l)); err != nil {
		t.Fatal(err)
	}
	l.heard(t, "pre_run", "pre_step a", "post_step a", "pre_step b", "post_step b", "post_run completed")

	l = listener{}
	if _, err := hooked(t, weir.Then(weir.Func("a", inc), weir.Func("b", fails)), with(&l)); !errors.Is(err, errBoom) {
		t.Fatal(err)
	}
	l.heard(t, "pre_run", "pre_step a", "post_step a", "pre_step b", "on_step_failure b", "post_run failed")
}

func TestB145_HooksAreToldOnceOfEachOuterStep(t *testing.T) {
	t.Parallel()
	sum := weir.Func("sum", func(_ context.Context, all []int) (int, error) { return all[0] + all[1], nil })
	s := weir.Then3(
		weir.Chain("first", weir.Func("a", inc), weir.Func("b", inc)),
		loop.Times("rounds", 3, weir.Func("body", inc)),
		weir.Then(parallel.All("both", weir.Func("x", inc), weir.Func("y", inc)), sum),
	)
	for _, drop := range [][]string{nil, {"all"}} {
		var l listener
		if _, err := hooked(t, s, &weir.Config{Hooks: []hook.Hook{&l}, Without: drop}); err != nil {
			t.Fatal(err)
		}
		l.heard(t, "pre_run", "pre_step first/a", "post_step first/a", "pre_step first/b", "post_step first/b",
			"pre_step rounds", "post_step rounds", "pre_step both", "post_step both", "pre_step sum", "post_step sum", "post_run completed")
	}
}

func TestHooksAreToldInTheOrderOfTheirRegistrationAndOnlyWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	var order []string
	first := &afterRun{func(hook.RunEnd) error { order = append(order, "first"); return nil }}
	second := &afterRun{func(hook.RunEnd) error { order = append(order, "second"); return errBoom }}
	third := &afterRun{func(hook.RunEnd) error { order = append(order, "third"); return nil }}
	r, err := hooked(t, weir.Func("a", inc), with(first, second, third))
	if err != nil || strings.Join(order, " ") != "first second third" {
		t.Errorf("%v, order %v", err, order)
	}
	if s, _ := r.Step("a"); s.Metadata() != nil {
		t.Errorf("noted %v", s.Metadata())
	}
}

// afterRun is a hook of one event.
type afterRun struct{ f func(hook.RunEnd) error }

func (h *afterRun) PostRun(_ context.Context, r hook.RunEnd) error { return h.f(r) }

func TestHooksAreToldWhatHappened(t *testing.T) {
	t.Parallel()
	count := state.NewKey[int]("count")
	var l listener
	spend := weir.Func("spend", func(ctx context.Context, n int) (string, error) {
		count.Set(ctx, 7)
		return fmt.Sprint(n), usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 5})
	})
	limits := usage.Limits{Tokens: usage.AtMost(100)}
	p, err := weir.Compile(weir.Then(weir.Func("a", inc), spend).Named("main"), &weir.Config{Hooks: []hook.Hook{&l}, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := p.Run(t.Context(), 1, weir.ID("run-9"), weir.State(count.With(3))); out != "2" || err != nil {
		t.Fatal(out, err)
	}
	begin, end, step := l.begun[0], l.ends[0], l.steps[1]
	if was, _ := count.From(begin.State); begin.ID != "run-9" || begin.Name != "main" || begin.Hash != p.Hash() || begin.Input != 1 || begin.Limits != limits || was != 3 {
		t.Errorf("at the beginning: %+v", begin)
	}
	if is, _ := count.From(end.State); end.ID != "run-9" || end.Output != "2" || end.Err != nil || end.Usage.Tokens() != 5 || end.Elapsed <= 0 || is != 7 {
		t.Errorf("at the end: %+v", end)
	}
	want := hook.Step{Run: "run-9", Path: "main/spend", Name: "spend", Kind: "func", Input: 2}
	if step.Step != want || step.Output != "2" || step.Attempts != 1 || step.Elapsed <= 0 || step.Usage.Tokens() != 5 || step.Err != nil {
		t.Errorf("of the step: %+v", step)
	}
}

func TestB146_AHookThatFailsOrPanicsIsNotedAndLoggedAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, wrong := range []error{errBoom, errPanic} {
		var log bytes.Buffer
		l := listener{answer: map[string]error{"pre_run": wrong, "pre_step": wrong, "post_step": wrong, "on_step_failure": wrong, "post_run": wrong}}
		c := with(&l)
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		r, err := hooked(t, weir.Then(weir.Func("a", inc), weir.Func("b", fails)), c)
		if !errors.Is(err, errBoom) || err.Error() != "weir: b (func): boom" {
			t.Errorf("error %v", err)
		}
		a, _ := r.Step("a")
		if list, _ := a.Note("warnings").([]string); !a.Success() || len(list) != 2 || !strings.Contains(list[0], "*weir_test.listener: pre_step: ") {
			t.Errorf("a: %v, warnings %q", a.Status(), a.Note("warnings"))
		}
		for _, event := range []string{"pre_run", "pre_step", "post_step", "on_step_failure", "post_run"} {
			if !strings.Contains(log.String(), "listener: "+event+": ") {
				t.Errorf("%s is not in the log:\n%s", event, log.String())
			}
		}
	}
}

func TestB020_HooksThatFailDoNotTouchTheResult(t *testing.T) {
	t.Parallel()
	l := listener{answer: map[string]error{"pre_run": errPanic, "pre_step": errPanic, "post_step": errPanic, "post_run": errPanic}}
	p, err := weir.Compile(weir.Func("a", inc), with(&l))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Run(t.Context(), 1); got != 2 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestB146_AnAbortBeforeAStepKeepsItFromRunning(t *testing.T) {
	t.Parallel()
	for _, stop := range []error{hook.Abort("the office is closed"), weir.ErrAborted, fmt.Errorf("checked: %w", weir.ErrAborted)} {
		l, later := listener{answer: map[string]error{"pre_step b": stop}}, listener{}
		ran := false
		r, err := hooked(t, weir.Then3(weir.Func("a", inc), weir.Func("b", func(context.Context, int) (int, error) {
			ran = true
			return 0, nil
		}), weir.Func("c", inc)), with(&l, &later))
		if ran || !errors.Is(err, weir.ErrAborted) || r.Status != weir.Failed {
			t.Errorf("ran %v, error %v, status %v", ran, err, r.Status)
		}
		wants(t, err, "weir: b (func): ", stop.Error())
		if len(r.Steps) != 1 || r.Steps[0].Name() != "a" || !r.Steps[0].Success() || r.Metrics.Executions != 1 {
			t.Errorf("%d steps, %d executions; want the first alone", len(r.Steps), r.Metrics.Executions)
		}
		l.heard(t, "pre_run", "pre_step a", "post_step a", "pre_step b", "post_run failed")
		later.heard(t, "pre_run", "pre_step a", "post_step a", "post_run failed")
	}
}

func TestAnAbortAfterAStepKeepsTheNextFromRunning(t *testing.T) {
	t.Parallel()
	kept := state.NewKey[int]("kept")
	l := listener{answer: map[string]error{"post_step a": hook.Abort("enough")}}
	r, err := hooked(t, weir.Then(weir.Func("a", func(ctx context.Context, n int) (int, error) { kept.Set(ctx, 1); return n, nil }),
		weir.Func("b", inc)), with(&l))
	if !errors.Is(err, weir.ErrAborted) || len(r.Steps) != 1 || !r.Steps[0].Success() || r.Steps[0].Failures() != 0 {
		t.Errorf("%v, steps %v", err, r.Steps)
	}
	if v, _ := kept.From(r.State); v != 1 {
		t.Error("what the step wrote is gone")
	}
	l.heard(t, "pre_run", "pre_step a", "post_step a", "post_run failed")
}

func TestAnAbortOfThePreRunRunsNothing(t *testing.T) {
	t.Parallel()
	l := listener{answer: map[string]error{"pre_run": hook.Abort("the budget of the day is spent")}}
	p, err := weir.Compile(weir.Func("a", inc), with(&l))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1)
	if !errors.Is(err, weir.ErrAborted) || r.Status != weir.Failed || len(r.Steps) != 0 {
		t.Errorf("%v, status %v, steps %v", err, r.Status, r.Steps)
	}
	if _, err := p.Run(t.Context(), 1); !errors.Is(err, weir.ErrAborted) {
		t.Errorf("Run: %v", err)
	}
	l.heard(t, "pre_run", "post_run failed", "pre_run", "post_run failed")
}

func TestAnAbortAfterAFailureIsJoinedToIt(t *testing.T) {
	t.Parallel()
	l := listener{answer: map[string]error{"on_step_failure": hook.Abort("call somebody")}}
	_, err := hooked(t, weir.Func("a", fails), with(&l))
	if !errors.Is(err, errBoom) || !errors.Is(err, weir.ErrAborted) || plan.CodeOf(err) != plan.CodeAborted {
		t.Errorf("%v, code %s", err, plan.CodeOf(err))
	}
}

func TestB147_AnAbortAfterTheRunDoesNotHideItsOwnError(t *testing.T) {
	t.Parallel()
	spend := func(ctx context.Context, n int) (int, error) {
		return n, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 60})
	}
	for _, strict := range []bool{false, true} {
		l := listener{answer: map[string]error{"post_run": hook.Abort("too late")}}
		c := &weir.Config{Hooks: []hook.Hook{&l}, StrictHooks: strict}
		_, err := hooked(t, weir.Then(weir.Func("a", spend), weir.Func("b", spend)), c, weir.Budget(usage.Limits{Tokens: usage.AtMost(50)}))
		if !errors.Is(err, weir.ErrBudget) || errors.Is(err, weir.ErrAborted) {
			t.Errorf("%v; want the breach alone", err)
		}
		l.heard(t, "pre_run", "pre_step a", "post_step a", "post_run failed")
		if _, err := hooked(t, weir.Func("a", inc), c); err != nil {
			t.Errorf("an abort of a run that has succeeded: %v", err)
		}
	}
}

func TestStrictHooksFailTheStepOrTheRun(t *testing.T) {
	t.Parallel()
	for _, event := range []string{"pre_run", "pre_step", "post_step", "on_step_failure", "post_run"} {
		for _, wrong := range []error{errBoom, errPanic} {
			work := inc
			if event == "on_step_failure" {
				work = func(context.Context, int) (int, error) { return 0, errors.New("the step itself") }
			}
			l := listener{answer: map[string]error{event: wrong}}
			r, err := hooked(t, weir.Func("a", work), &weir.Config{Hooks: []hook.Hook{&l}, StrictHooks: true})
			e, ok := errors.AsType[*hook.Error](err)
			if !ok || e.Event != event || r.Status != weir.Failed || wrong == errBoom && !errors.Is(err, errBoom) {
				t.Errorf("%s: %v, status %v", event, err, r.Status)
			}
			if n := len(l.ends); n != 1 {
				t.Errorf("%s: told %d times of the end", event, n)
			}
			if event == "on_step_failure" {
				wants(t, err, "the step itself", "hook *weir_test.listener: on_step_failure")
			}
		}
	}
}

func TestThePostRunComesOnceHoweverTheRunEnds(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for want, c := range map[string]struct {
		ctx  context.Context
		work func(context.Context, int) (int, error)
		opts []weir.RunOption
	}{
		"completed": {t.Context(), inc, nil},
		"failed":    {t.Context(), fails, nil},
		"failed by a panic": {t.Context(), func(context.Context, int) (int, error) {
			panic("kaput")
		}, nil},
		"failed by its budget": {t.Context(), func(ctx context.Context, n int) (int, error) {
			return n, usage.Report(ctx, usage.Usage{Requests: 1})
		}, []weir.RunOption{weir.Budget(usage.Limits{Calls: usage.AtMost(0)})}},
		"canceled":               {ended, inc, nil},
		"paused":                 {t.Context(), func(context.Context, int) (int, error) { return 0, plan.ErrPaused }, nil},
		"failed by its duration": {t.Context(), wait, []weir.RunOption{weir.Budget(usage.Limits{Duration: time.Nanosecond})}},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			var l listener
			p, err := weir.Compile(weir.Func("a", c.work), with(&l))
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Run(c.ctx, 1, c.opts...)
			status, _, _ := strings.Cut(want, " ")
			if len(l.ends) != 1 || l.ends[0].Status.String() != status || l.ends[0].Err != err {
				t.Errorf("error %v, told %+v", err, l.ends)
			}
			if last := l.told[len(l.told)-1]; last != "post_run "+status || slices.Contains(l.told, "on_pause") != (status == "paused") {
				t.Errorf("told %v", l.told)
			}
		})
	}
}

// wait returns when its context ends.
func wait(ctx context.Context, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

func TestThePostRunComesAlsoWhenAStepEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	var l listener
	p, err := weir.Compile(weir.Func("a", func(context.Context, int) (int, error) { runtime.Goexit(); return 0, nil }), with(&l))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = p.Run(t.Context(), 1)
	}()
	<-done
	l.heard(t, "pre_run", "pre_step a", "post_run failed")
}

func TestAPauseIsToldBeforeTheEndAndIsNoFailureOfTheStep(t *testing.T) {
	t.Parallel()
	l := listener{answer: map[string]error{"on_pause": hook.Abort("no"), "post_run": errBoom}}
	r, err := hooked(t, weir.Func("ask", func(context.Context, int) (int, error) { return 0, plan.ErrPaused }),
		&weir.Config{Hooks: []hook.Hook{&l}, StrictHooks: true})
	if !errors.Is(err, weir.ErrPaused) || r.Status != weir.Paused {
		t.Errorf("%v, %v", err, r.Status)
	}
	l.heard(t, "pre_run", "pre_step ask", "on_pause", "post_run paused")
}

func TestHooksOfTheEndHaveTimeAlsoAfterACancellation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		l := listener{ctx: func(event string, ctx context.Context) {
			if event == "post_run" {
				if ctx.Err() != nil || ctx.Value(key{}) != "kept" {
					t.Error("the context has ended, or lost its values")
				}
				start := time.Now()
				<-ctx.Done()
				if took := time.Since(start); took != hook.Grace {
					t.Errorf("the context ended after %v", took)
				}
			}
		}}
		p, err := weir.Compile(weir.Func("a", wait), with(&l))
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Start(context.WithValue(t.Context(), key{}, "kept"), 1)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r.Cancel(errors.New("enough"))
		if _, err := r.Wait(t.Context()); !errors.Is(err, weir.ErrCanceled) {
			t.Error(err)
		}
		l.heard(t, "pre_run", "pre_step a", "post_run canceled")
	})
}

func TestAValueThatIsNoHookIsAMistake(t *testing.T) {
	t.Parallel()
	_, err := weir.Compile(weir.Func("a", inc), &weir.Config{
		Hooks: []hook.Hook{&listener{}, "nothing", nil}, Limits: usage.Limits{Duration: -1},
	})
	wants(t, err, "weir: compile: hooks[1]: string is no hook", "weir: compile: hooks[2]: the hook is nil", "limits")
}

func TestAPlanWithoutHooksHasNothingOfThem(t *testing.T) {
	t.Parallel()
	for _, c := range []*weir.Config{nil, {Hooks: []hook.Hook{}}, with(&afterRun{})} {
		p, err := weir.Compile(weir.Func("a", inc), c)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(p.Program().Passes, "hooks") || len(p.Program().Sites[0].Layers) > 0 {
			t.Errorf("passes %v, layers %v", p.Program().Passes, p.Program().Sites[0].Layers)
		}
	}
	plain, hooked := compile(t, weir.Func("a", inc)), new(listener)
	p, err := weir.Compile(weir.Func("a", inc), with(hooked))
	if err != nil || p.Hash() != plain.Hash() || !slices.Contains(p.Program().Sites[0].Layers, "hook") {
		t.Errorf("%v; hooks change the hash, or are not among the layers", err)
	}
}

func TestHooksOfManyRunsDoNotMeet(t *testing.T) {
	t.Parallel()
	var c counter
	p, err := weir.Compile(weir.Func("a", inc), with(&c))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := p.Run(t.Context(), 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if c.open != 0 || c.all != 400 {
		t.Errorf("%d steps, %d of them open", c.all, c.open)
	}
}

// counter counts steps that began and ended.
type counter struct {
	mu        sync.Mutex
	open, all int
}

func (c *counter) PreStep(context.Context, hook.Step) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open++
	c.all++
	return nil
}

func (c *counter) PostStep(context.Context, hook.StepEnd) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	return nil
}
