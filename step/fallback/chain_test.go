package fallback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/steptest"
)

// paths are those of a plan's steps.
func paths(t *testing.T, s step) []string {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	var list []string
	for _, site := range p.Program().Sites {
		list = append(list, site.Path)
	}
	return list
}

func TestB061_TheLastOfAChainIsUsed(t *testing.T) {
	t.Parallel()
	var a, b int
	for name, s := range map[string]step{
		"right": fallback.To(fails("a", &a), fallback.To(fails("b", &b), gives("c"))),
		"left":  fallback.To(fallback.To(fails("a", &a), fails("b", &b)), gives("c")),
	} {
		a, b = 0, 0
		r, err := steptest.Execute(t, s, "in")
		if err != nil || r.Output != "c of in" || a != 1 || b != 1 {
			t.Fatalf("%s: got %q, %v after %d and %d calls", name, r.Output, err, a, b)
		}
		if got := noted(t, r, "a", map[string]any{"ran": "c", "attempts": 3}).Ran(); got != "c" {
			t.Errorf("%s: ran %s", name, got)
		}
		if got := paths(t, s); !slices.Equal(got, []string{"a", "a/a", "a/b", "a/c"}) {
			t.Errorf("%s: paths %v", name, got)
		}
	}
}

func TestAFallbackWithALayerOrNameOfItsOwnStaysWhole(t *testing.T) {
	t.Parallel()
	var a, b int
	inner := fallback.To(fails("b", &b), fails("c", &b))
	for _, c := range []struct {
		want string
		step step
	}{
		{"a a/a a/b a/b/b a/b/c", fallback.To(fails("a", &a), inner.With(retry.UpTo(2)))},
		{"a a/a a/b a/b/b a/b/c", fallback.To(fails("a", &a), inner, fallback.Diagnostics())},
		{"a a/a a/x a/x/b a/x/c", fallback.To(fails("a", &a), inner.Named("x"))},
		{"a a/a a/b a/c", fallback.To(fails("a", &a), inner)},
	} {
		if got := strings.Join(paths(t, c.step), " "); got != c.want {
			t.Errorf("paths %s; want %s", got, c.want)
		}
	}
	b = 0
	if _, err := steptest.Execute(t, fallback.To(fails("a", &a), inner.With(retry.UpTo(2))), "in"); err == nil || b != 4 {
		t.Errorf("the inner steps ran %d times, %v; want 4", b, err)
	}
}

func TestB062_AChainThatComesBackIsAFailure(t *testing.T) {
	t.Parallel()
	var a, b int
	for name, s := range map[string]step{
		"flat":    fallback.To(fails("a", &a), fallback.To(fails("b", &b), fails("a", &a))),
		"left":    fallback.To(fallback.To(fails("a", &a), fails("b", &b)), fails("a", &a)),
		"layered": fallback.To(fails("a", &a), fallback.To(fails("b", &b), fails("a", &a)).With(retry.UpTo(1))),
		"renamed": fallback.To(fails("a", &a), fallback.To(fails("b", &b), fails("a", &a)).Named("x")),
		"across": fallback.To(
			fallback.To(fails("a", &a), fallback.To(fails("b", &b), gives("c").With(refuse{})).With(retry.UpTo(1))),
			fallback.To(gives("d").With(refuse{}), gives("c")).With(retry.UpTo(1))),
		"behind": fallback.To(fallback.To(fails("a", &a), fails("b", &b)).With(retry.UpTo(1)), fails("b", &b)),
	} {
		a, b = 0, 0
		r, err := steptest.Execute(t, s, "in")
		if plan.CodeOf(err) != plan.CodeFallbackLoop || !strings.Contains(err.Error(), "fallback loop detected") || a != 1 || b != 1 {
			t.Errorf("%s: %v after %d and %d calls; want a fallback loop after 1 and 1", name, err, a, b)
		}
		if s := noted(t, r, "a", nil); s.Status() != weir.Failed || r.Status != weir.Failed {
			t.Errorf("%s: status %v; want failed", name, s.Status())
		}
		for _, text := range []string{"a is down", "b is down"} {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %v does not tell %q", name, err, text)
			}
		}
	}
}

func TestB062_TheLoopNamesTheStep(t *testing.T) {
	t.Parallel()
	a := 0
	_, err := steptest.Execute(t, fallback.To(fails("a", &a), gives("a")), "in")
	steptest.Failed(t, err, plan.CodeFallbackLoop, "a")
	if !strings.Contains(err.Error(), `comes back to step "a"`) || a != 1 {
		t.Errorf("%v after %d calls", err, a)
	}
	if _, err = steptest.Execute(t, fallback.To(gives("b"), fails("b", &a)), "in"); err != nil {
		t.Errorf("a chain that is not needed failed: %v", err)
	}
}

func TestB063_AChainEndsAtTheDepthLimit(t *testing.T) {
	t.Parallel()
	for _, layered := range []bool{false, true} {
		calls := 0
		s := fails("f15", &calls)
		for i := 14; i >= 0; i-- {
			if layered {
				s = s.With(retry.UpTo(1))
			}
			s = fallback.To(fails(fmt.Sprint("f", i), &calls), s)
		}
		_, err := steptest.Execute(t, s, "in")
		if plan.CodeOf(err) != plan.CodeFallbackLoop || calls != 1+fallback.MaxDepth {
			t.Errorf("layered %v: %v after %d calls; want a fallback loop after %d", layered, err, calls, 1+fallback.MaxDepth)
		}
	}
}

func TestTenAlternatesAreTried(t *testing.T) {
	t.Parallel()
	calls := 0
	s := gives("f10")
	for i := 9; i >= 0; i-- {
		s = fallback.To(fails(fmt.Sprint("f", i), &calls), s)
	}
	if r, err := steptest.Execute(t, s, "in"); err != nil || r.Output != "f10 of in" || calls != 10 {
		t.Errorf("got %q after %d calls, %v", r.Output, calls, err)
	}
}

func TestSequencesWithoutNamesStandUnderFallback(t *testing.T) {
	t.Parallel()
	calls := 0
	s := fallback.To(fails("a", &calls), fallback.To(weir.Then(gives("x"), fails("y", &calls)).Named("b"), weir.Then(gives("x"), gives("y"))))
	r, err := steptest.Execute(t, s, "in")
	if err != nil || r.Output != "y of x of in" {
		t.Fatalf("got %q, %v", r.Output, err)
	}
	noted(t, r, "a", map[string]any{"ran": "fallback"})
	noted(t, r, "a/fallback/y", nil)
	noted(t, r, "a/b/y", nil)
}

func TestMistakesInAFallbackAreReportedAtCompile(t *testing.T) {
	t.Parallel()
	for why, s := range map[string]step{
		"give the primary one with Named": weir.Then(gives("first"), fallback.To(weir.Then(gives("x"), gives("y")), gives("z"))),
		"a: the step is empty":            fallback.To(gives("a"), step{}),
		"the step is empty":               fallback.To(step{}, gives("a")),
	} {
		if _, err := weir.Compile(s, nil); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("Compile gave %v; want a mistake that says %q", err, why)
		}
	}
}

func TestABranchCanBeAFallback(t *testing.T) {
	t.Parallel()
	calls := 0
	s := conditional.If("maybe", func(context.Context, string) (bool, error) { return true, nil },
		fallback.To(fails("a", &calls), gives("b")), step{})
	if r, err := steptest.Execute(t, s, "in"); err != nil || r.Output != "b of in" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}

// oracle is a leaf that asks a model and fails.
type oracle struct{ calls *int }

func (oracle) Kind() string             { return "oracle" }
func (oracle) Children() []plan.Child   { return nil }
func (oracle) Analyse(a *plan.Analysis) { a.Model = true }
func (o oracle) Build(*plan.Builder) plan.Op {
	return func(context.Context, plan.Frame, any) (any, error) { *o.calls++; return nil, errBoom }
}

func TestAnAlternateThatAsksAModelHasOneAttempt(t *testing.T) {
	t.Parallel()
	var primary, alternate, explicit int
	ask := func(name string, calls *int) step { return weir.Make[string, string](name, oracle{calls}) }
	s := fallback.To(ask("write", &primary), fallback.To(ask("second", &alternate), ask("third", &explicit).With(retry.UpTo(3))))
	r, err := steptest.Execute(t, s, "in")
	if !errors.Is(err, errBoom) || primary != 2 || alternate != 1 || explicit != 3 {
		t.Errorf("%v after %d, %d and %d calls; want 2, 1 and 3", err, primary, alternate, explicit)
	}
	noted(t, r, "write", map[string]any{"attempts": 6})
}

func TestARetryLayerIsAddedOnce(t *testing.T) {
	t.Parallel()
	n := 0
	ask := func(name string) step { return weir.Make[string, string](name, oracle{&n}) }
	p, err := weir.Compile(fallback.To(ask("a"), fallback.To(ask("b").With(retry.UpTo(3)), fallback.To(ask("c"), ask("d")))), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, site := range p.Program().Sites[1:] {
		retries := 0
		for _, name := range site.Layers {
			if name == "retry" {
				retries++
			}
		}
		if retries != 1 {
			t.Errorf("%s has the layers %v; want one retry", site.Path, site.Layers)
		}
	}
}

// refuse is a layer that lets nothing succeed.
type refuse struct{}

func (refuse) Name() string { return "refuse" }
func (refuse) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		if _, err := next(ctx, f, in); err != nil {
			return nil, err
		}
		return nil, errBoom
	}
}

func TestClassAndCodeAreThoseOfTheLastFailure(t *testing.T) {
	t.Parallel()
	err := &fallback.Error{Failures: []error{&plan.Error{Code: plan.CodePanic}, &plan.Error{Code: plan.CodeTimeout}}}
	if plan.CodeOf(err) != plan.CodeTimeout || plan.ClassOf(err) != plan.ClassTimeout {
		t.Errorf("code %s, class %s; want those of the timeout", plan.CodeOf(err), plan.ClassOf(err))
	}
	if none := (&fallback.Error{}); none.Error() != "" || none.ErrorCode() != "" {
		t.Errorf("an empty error says %q with the code %q", none.Error(), none.ErrorCode())
	}
}

func TestABlueprintsStepsKeepTheirTypes(t *testing.T) {
	t.Parallel()
	s := fallback.To(weir.Dynamic(gives("a").Written()), weir.Dynamic(gives("b").Written())).Written()
	if s.Name != "a" || s.In != gives("a").Written().In || s.Out != gives("a").Written().Out {
		t.Errorf("name %s, in %v, out %v", s.Name, s.In, s.Out)
	}
	length := weir.Func("len", func(_ context.Context, in string) (int, error) { return len(in), nil })
	if s = fallback.To(weir.Dynamic(gives("a").Written()), weir.Dynamic(length.Written())).Written(); s.Out != nil {
		t.Errorf("out is %v though the two steps give different types", s.Out)
	}
}

func TestASpecNeedsBothSteps(t *testing.T) {
	t.Parallel()
	s := fallback.Kind().New().(*fallback.Spec)
	if n, err := s.Node(); n != nil || err == nil || !strings.Contains(err.Error(), "no primary") || !strings.Contains(err.Error(), "no alternate") {
		t.Errorf("got %v", err)
	}
	calls := 0
	s.Primary, s.Alternate = spec.Step{Step: fails("a", &calls).Written()}, spec.Step{Step: gives("b").Written()}
	n, err := s.Node()
	if err != nil {
		t.Fatal(err)
	}
	if r, err := steptest.Execute(t, weir.Make[string, string]("a", n), "in"); err != nil || r.Output != "b of in" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}
