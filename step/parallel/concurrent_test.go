package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// waits is a branch that takes d, or less when it is stopped.
func waits(name string, d time.Duration) weir.Step[int, string] {
	return branch(name, func(ctx context.Context) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

// stops is a branch that fails with an error of a code, after d.
func stops(name string, d time.Duration, code plan.Code) weir.Step[int, string] {
	return branch(name, func(context.Context) error {
		<-time.After(d)
		return &plan.Error{Code: code, Text: "ended by " + name}
	})
}

func TestB018_NestingUnderALimitOfOneDoesNotDeadlock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inner := parallel.Join2("inner", waits("a", time.Second), waits("b", time.Second),
			func(context.Context, string, string) (int, error) { return 1, nil })
		s := parallel.Join2("par", loop.Times("loop", 3, inner), waits("c", time.Second),
			func(_ context.Context, n int, c string) (string, error) { return fmt.Sprint(n, c), nil })
		p, err := weir.Compile(s, &weir.Config{Limiter: limit.New(1)})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if out, err := p.Run(t.Context(), 1); out != "1c" || err != nil {
			t.Errorf("%q, %v", out, err)
		}
		if took := time.Since(begun); took != 7*time.Second {
			t.Errorf("seven leaves of a second, one at a time, took %v", took)
		}
	})
}

func TestAllBranchesStartAtOnceAndWidthBoundsThem(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]time.Duration{0: 1, 1: 6, 2: 3, 4: 2, 9: 1} {
		synctest.Test(t, func(t *testing.T) {
			steps := make([]weir.Step[int, string], 6)
			for i := range steps {
				steps[i] = waits(fmt.Sprint("b", i), time.Second)
			}
			begun := time.Now()
			if _, err := weir.Do(t.Context(), par([]parallel.Option{parallel.Width(width)}, steps...), 1); err != nil {
				t.Error(err)
			}
			if took := time.Since(begun); took != want*time.Second {
				t.Errorf("six branches of a second, %d at a time, took %v", width, took)
			}
		})
	}
}

func TestFailFastCancelsTheSiblings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fails := branch("fails", func(context.Context) error { <-time.After(time.Second); return errBoom })
		opts := []parallel.Option{parallel.FailFast(), parallel.Width(2)}
		begun := time.Now()
		r, err := execute(t, par(opts, waits("long", time.Hour), fails, good("never")), 1)
		if took := time.Since(begun); took != time.Second {
			t.Errorf("it took %v", took)
		}
		if at, _ := errors.AsType[*weir.StepError](err); !errors.Is(err, errBoom) || at.Path != "par/fails" {
			t.Errorf("error %v; want that of the branch that failed, and nothing of those that were stopped", err)
		}
		if out := r.Output; len(out) != 3 || plan.CodeOf(out[0].Err) != plan.CodeCanceled || !errors.Is(out[2].Err, plan.ErrSkipped) {
			t.Errorf("output %v", out)
		}
		equal(t, step(t, r).Note("executed_branches"), "long", "fails")
		if _, ok := r.Step("par/never"); ok {
			t.Error("a branch began after the step had failed")
		}
	})
}

func TestB084_AnErrorNobodyMaySwallowEndsTheSiblingsAtOnce(t *testing.T) {
	t.Parallel()
	for _, policy := range []parallel.FailurePolicy{parallel.Propagate, parallel.Ignore} { // B085
		for _, code := range []plan.Code{plan.CodeBudget, plan.CodeAborted, plan.CodePricing} {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				opts := []parallel.Option{parallel.OnFailure(policy)}
				r, err := execute(t, par(opts, waits("long", time.Hour), good("done"), stops("b", time.Second, code)), 1)
				if took := time.Since(begun); took != time.Second {
					t.Errorf("%s: it took %v", code, took)
				}
				if at, _ := errors.AsType[*weir.StepError](err); plan.CodeOf(err) != code || at.Path != "par/b" {
					t.Errorf("%s: error %v", code, err)
				}
				if len(r.Output) != 3 || r.Output[1].Out != "done" {
					t.Errorf("%s: output %v", code, r.Output)
				}
			})
		}
	}
}

func TestB086_ABranchThatPausesDoesNotDisturbItsSiblings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts := []parallel.Option{parallel.FailFast()}
		r, err := execute(t, par(opts, stops("asks", time.Second, plan.CodePaused), waits("works", time.Minute)), 1)
		if !errors.Is(err, plan.ErrPaused) {
			t.Errorf("error %v", err)
		}
		if works, _ := r.Step("par/works"); !works.Success() || r.Status != weir.Paused {
			t.Errorf("the sibling is %v, the run %v", works.Status(), r.Status)
		}
	})
}

func TestABranchThatIsCanceledByItselfIsNotIgnored(t *testing.T) {
	t.Parallel()
	opts := []parallel.Option{parallel.OnFailure(parallel.Ignore)}
	_, err := execute(t, par(opts, good("a"), stops("b", 0, plan.CodeCanceled)), 1)
	if at, _ := errors.AsType[*weir.StepError](err); plan.CodeOf(err) != plan.CodeCanceled || at.Path != "par/b" {
		t.Errorf("error %v", err)
	}
}

func TestB091_CancellationEndsEveryBranch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		errEnough := errors.New("enough")
		var ended atomic.Int32
		steps := make([]weir.Step[int, string], 20)
		for i := range steps {
			steps[i] = branch(fmt.Sprint("b", i), func(ctx context.Context) error {
				defer ended.Add(1)
				word.Set(ctx, "lost")
				<-ctx.Done()
				return ctx.Err()
			})
		}
		p, err := weir.Compile(par([]parallel.Option{parallel.OnFailure(parallel.Ignore)}, steps...), nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			synctest.Wait()
			cancel(errEnough)
		}()
		r, err := p.Execute(ctx, 1)
		if !errors.Is(err, weir.ErrCanceled) || !errors.Is(err, errEnough) || !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if ended.Load() != 20 || r.Status != weir.Canceled {
			t.Errorf("%d branches have ended, the run is %v", ended.Load(), r.Status)
		}
		holds(t, r, word, "")
	}) // the bubble fails the test if a goroutine is left
}

// Not parallel: it counts goroutines. It uses real time, because it looks for moments at which a goroutine would miss the signal.
func TestCancellationAtAnyMoment(t *testing.T) {
	nested := parallel.Named("nested", nil, waits("a", 300*time.Microsecond), waits("b", time.Hour))
	flat := weir.Then(nested, weir.Func("flat", func(context.Context, []parallel.Branch[string]) (string, error) { return "", nil }))
	p, err := weir.Compile(parallel.All("par", flat, waits("c", 100*time.Microsecond), waits("d", time.Hour)), nil)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	late := make([]time.Duration, 1000)
	for i := range late {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan time.Time, 1)
		time.AfterFunc(rand.N(time.Millisecond), func() { ended <- time.Now(); cancel() })
		_, err := p.Run(ctx, 1)
		late[i] = time.Since(<-ended)
		if !errors.Is(err, weir.ErrCanceled) {
			t.Fatalf("error %v", err)
		}
	}
	slices.Sort(late)
	if p99 := late[990]; p99 > 100*time.Millisecond {
		t.Errorf("99 of 100 cancelled runs return within %v", p99)
	}
	if after := settled(before); after > before {
		t.Errorf("%d goroutines are left of %d", after, before)
	}
}

// settled is the number of goroutines once those that have done their work are gone: one that has told so is still there
// for a moment, which is long on a busy machine.
func settled(want int) int {
	patience := time.After(10 * time.Second)
	for runtime.NumGoroutine() > want {
		select {
		case <-patience:
			return runtime.NumGoroutine()
		case <-time.After(time.Millisecond):
		}
	}
	return want
}

// Not parallel: it changes GOMAXPROCS.
func TestTheAnswerDoesNotDependOnTheNumberOfCores(t *testing.T) {
	steps := make([]weir.Step[int, string], 16)
	for i := range steps {
		steps[i] = branch(fmt.Sprint("b", i), func(ctx context.Context) error {
			for range rand.N(20) {
				runtime.Gosched()
			}
			total.Set(ctx, i)
			table.Set(ctx, map[string]int{fmt.Sprint(i): i})
			if i%5 == 4 {
				return fmt.Errorf("b%d: %w", i, errBoom)
			}
			return nil
		})
	}
	p, err := weir.Compile(par([]parallel.Option{parallel.OnFailure(parallel.Ignore)}, steps...), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(cores)
		for range 20 {
			r, err := p.Execute(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			sum, _ := total.From(r.State)
			words, _ := table.From(r.State)
			got := fmt.Sprint(r.Output, sum, words, step(t, r).Metadata())
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("with %d cores %s\nwant %s", cores, got, want)
			}
		}
	}
}

func TestOnePlanServesManyRunsAtOnce(t *testing.T) {
	t.Parallel()
	key := state.NewKey[int]("key")
	square := func(name string) weir.Step[int, int] {
		return weir.Func(name, func(ctx context.Context, n int) (int, error) { key.Set(ctx, n); return n * n, nil })
	}
	p, err := weir.Compile(parallel.All("par", square("a"), square("b")), nil)
	if err != nil {
		t.Fatal(err)
	}
	var wrong atomic.Int32
	done := make(chan struct{})
	for n := range 50 {
		go func() {
			defer func() { done <- struct{}{} }()
			r, err := p.Execute(t.Context(), n)
			if v, _ := key.From(r.State); err != nil || v != n || !slices.Equal(r.Output, []int{n * n, n * n}) {
				wrong.Add(1)
			}
		}()
	}
	for range 50 {
		<-done
	}
	if n := wrong.Load(); n > 0 {
		t.Errorf("%d of 50 runs mixed up", n)
	}
}
