package resource_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/resource"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/parallel"
)

// lease is what an attempt gets.
type lease struct{ n int }

// ledger is a resource that writes down what happens to it.
type ledger struct {
	entered int
	exits   []string
	enter   error
	exit    func(context.Context) error
}

func (l *ledger) Enter(context.Context) (*lease, error) {
	if l.enter != nil {
		return nil, l.enter
	}
	l.entered++
	return &lease{l.entered}, nil
}

func (l *ledger) Exit(ctx context.Context, v *lease, err error) error {
	l.exits = append(l.exits, fmt.Sprint(v.n, " ", err))
	if l.exit != nil {
		return l.exit(ctx)
	}
	return nil
}

func TestB034_EveryAttemptEntersAndLeavesOnceWithItsOwnError(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	calls := 0
	var saw []int
	s := weir.Func("s", func(ctx context.Context, _ string) (string, error) {
		v, _ := resource.From[*lease](ctx)
		saw = append(saw, v.n)
		if calls++; calls < 3 {
			return "", fmt.Errorf("boom %d", calls)
		}
		return "ok", nil
	}).With(retry.UpTo(3), resource.Use(l))
	out, err := weir.Do(t.Context(), s, "in")
	if err != nil || out != "ok" || l.entered != 3 || !slices.Equal(saw, []int{1, 2, 3}) {
		t.Errorf("got %q, %v; entered %d, saw %v", out, err, l.entered, saw)
	}
	if want := []string{"1 boom 1", "2 boom 2", "3 <nil>"}; !slices.Equal(l.exits, want) {
		t.Errorf("left with %q, want %q", l.exits, want)
	}
}

func TestB035_APauseLeavesOnceAndGoesOn(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted} {
		l := &ledger{exit: func(context.Context) error { return errors.New("no disk") }}
		s := weir.Func("s", func(context.Context, string) (string, error) { return "", final }).With(retry.UpTo(3), resource.Use(l))
		_, err := weir.Do(t.Context(), s, "in")
		if !errors.Is(err, final) || l.entered != 1 || !slices.Equal(l.exits, []string{"1 " + final.Error()}) {
			t.Errorf("error %v; left with %q, want one exit with %v", err, l.exits, final)
		}
	}
}

func TestCancellationLeavesWithTimeToRollBack(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	l := &ledger{exit: func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); ctx.Err() != nil || !bounded {
			t.Errorf("the context of Exit: %v, bounded %v; want a live one with a deadline", ctx.Err(), bounded)
		}
		return nil
	}}
	s := weir.Func("s", func(ctx context.Context, _ string) (string, error) { cancel(); return "", ctx.Err() }).With(resource.Use(l))
	_, err := weir.Do(ctx, s, "in")
	if !errors.Is(err, weir.ErrCanceled) || !slices.Equal(l.exits, []string{"1 context canceled"}) {
		t.Errorf("error %v, left with %q", err, l.exits)
	}
}

func TestAPanicLeavesAndIsAFailure(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	calls := 0
	s := weir.Func("s", func(context.Context, string) (string, error) {
		if calls++; calls == 1 {
			panic("kaput")
		}
		return "ok", nil
	}).With(retry.UpTo(2), resource.Use(l))
	if out, err := weir.Do(t.Context(), s, "in"); err != nil || out != "ok" || !slices.Equal(l.exits, []string{"1 panic: kaput", "2 <nil>"}) {
		t.Errorf("got %q, %v; left with %q", out, err, l.exits)
	}
}

func TestAGoroutineThatEndsLeaves(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
		runtime.Goexit()
		return nil, nil
	}, resource.Use(l)))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = op(t.Context(), &layertest.Frame{}, "in")
	}()
	<-done
	if !slices.Equal(l.exits, []string{"1 the goroutine of the step has ended"}) {
		t.Errorf("left with %q", l.exits)
	}
}

func TestAFailureOfTheResourceIsOneOfTheAttempt(t *testing.T) {
	t.Parallel()
	boom := errors.New("no disk")
	for _, c := range []struct {
		name string
		l    *ledger
		want string
		runs int
	}{
		{"enter", &ledger{enter: boom}, "cannot enter the resource of the step: no disk", 0},
		{"leave", &ledger{exit: func(context.Context) error { return boom }}, "cannot leave the resource of the step: no disk", 2},
		{"leave by panic", &ledger{exit: func(context.Context) error { panic(boom) }}, "cannot leave the resource of the step: panic: no disk", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			runs := 0
			s := weir.Func("s", func(context.Context, string) (string, error) { runs++; return "ok", nil }).With(retry.UpTo(2), resource.Use(c.l))
			_, err := weir.Do(t.Context(), s, "in")
			if plan.CodeOf(err) != plan.CodeResource || !errors.Is(err, boom) || !strings.Contains(err.Error(), c.want) || runs != c.runs {
				t.Errorf("error %v of code %q after %d runs, want %s after %d", err, plan.CodeOf(err), runs, c.want, c.runs)
			}
			if len(c.l.exits) != runs {
				t.Errorf("left %d times after %d attempts", len(c.l.exits), runs)
			}
		})
	}
}

func TestAnExitThatFailsAfterAFailureIsAWarning(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	l := &ledger{exit: func(context.Context) error { return errors.New("no disk") }}
	f := &layertest.Frame{}
	_, err := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return nil, boom }, resource.Use(l)))(t.Context(), f, "in")
	if err != boom || fmt.Sprint(f.Notes["warnings"]) != "[resource: cannot leave the resource of the step: no disk]" {
		t.Errorf("error %v, noted %v", err, f.Notes)
	}
}

func TestARefusalByACheckRollsBack(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]plan.Layer{
		"check":  validate.With("bad", func(string) error { return errors.New("bad") }),
		"plugin": plugin.With(plugin.New("bad", func(context.Context, string) (plugin.Outcome, error) { return plugin.Fail("bad"), nil })),
	} {
		l := &ledger{}
		s := weir.Func("s", func(context.Context, string) (string, error) { return "ok", nil }).With(resource.Use(l), refuse)
		if _, err := weir.Do(t.Context(), s, "in"); err == nil || len(l.exits) != 1 || !strings.Contains(l.exits[0], "bad") {
			t.Errorf("%s: error %v, left with %q", name, err, l.exits)
		}
	}
}

func TestAFallbackDoesNotChangeWhatThePrimarysResourceSees(t *testing.T) {
	t.Parallel()
	inner, outer := &ledger{}, &ledger{}
	a := weir.Func("a", func(context.Context, string) (string, error) { return "", errors.New("boom") }).With(resource.Use(inner))
	b := weir.Func("b", func(context.Context, string) (string, error) { return "ok", nil })
	out, err := weir.Do(t.Context(), fallback.To(a, b).With(resource.Use(outer)), "in")
	if err != nil || out != "ok" || !slices.Equal(inner.exits, []string{"1 boom"}) || !slices.Equal(outer.exits, []string{"1 <nil>"}) {
		t.Errorf("got %q, %v; left with %q and %q", out, err, inner.exits, outer.exits)
	}
}

func TestBranchesShareAResourceAndNestedOnesAreFoundByType(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	type other struct{ name string }
	names := resource.Funcs(func(context.Context) (other, error) { return other{"inner"}, nil }, nil)
	see := func(name string) weir.Step[string, string] {
		return weir.Func(name, func(ctx context.Context, _ string) (string, error) {
			v, ok := resource.From[*lease](ctx)
			o, found := resource.From[other](ctx)
			_, none := resource.From[int](ctx)
			return fmt.Sprintln(v.n, ok, o.name, found, none), nil
		}).With(resource.Use(names))
	}
	out, err := weir.Do(t.Context(), parallel.All("both", see("a"), see("b")).With(resource.Use(l)), "in")
	if want := "1 true inner true false\n"; err != nil || !slices.Equal(out, []string{want, want}) || l.entered != 1 {
		t.Errorf("got %q, %v; entered %d times", out, err, l.entered)
	}
}

func TestANilResourceIsAMistake(t *testing.T) {
	t.Parallel()
	for _, l := range []plan.Layer{resource.Use[int](nil), resource.Use(resource.Funcs[int](nil, nil))} {
		if err := layertest.Mistake(t, layertest.Group(l)); !strings.Contains(err.Error(), "the resource of type int is nil") {
			t.Error(err)
		}
	}
}

func TestTheLayerPassesWhatItMayNotSwallow(t *testing.T) {
	t.Parallel()
	layertest.Passes(t, t.Context(), resource.Use(&ledger{}), "in", "out")
}

func ExampleUse() {
	type tx struct{ rows []string }
	transaction := resource.Funcs(
		func(context.Context) (*tx, error) { return &tx{}, nil },
		func(_ context.Context, t *tx, err error) error {
			if err != nil {
				fmt.Println("rollback:", err)
				return nil
			}
			fmt.Println("commit:", t.rows)
			return nil
		})
	tries := 0
	save := weir.Func("save", func(ctx context.Context, row string) (int, error) {
		t, _ := resource.From[*tx](ctx)
		t.rows = append(t.rows, row)
		if tries++; tries == 1 {
			return 0, errors.New("deadlock")
		}
		return len(t.rows), nil
	}).With(retry.UpTo(2), resource.Use(transaction))

	fmt.Println(weir.Do(context.Background(), save, "a"))
	// Output:
	// rollback: deadlock
	// commit: [a]
	// 1 <nil>
}
