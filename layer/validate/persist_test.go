package validate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/weirtest"
)

var (
	results = state.NewKey[[]validate.Result]("checks")
	mess    = state.NewKey[int]("mess")
)

// judge is a step that writes to the state and returns "draft".
func judge(name string) weir.Step[string, string] {
	return weir.Func(name, func(ctx context.Context, _ string) (string, error) {
		mess.Set(ctx, 1)
		return "draft", nil
	})
}

func good(name string) validate.Check { return validate.With(name, func(string) error { return nil }) }
func bad(name string) validate.Check {
	return validate.With(name, func(string) error { return errBad })
}

// kept runs a step and gives what the results and the mess hold then.
func kept[O any](t *testing.T, s weir.Step[string, O]) (got string, messed int, err error) {
	t.Helper()
	p, err := weir.Compile(s, &weir.Config{State: []state.Value{results.With(nil), mess.With(0)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	list, _ := results.From(r.State)
	var words []string
	for _, one := range list {
		words = append(words, fmt.Sprint(one.Name, "=", one.Valid, one.Feedback))
	}
	messed, _ = mess.From(r.State)
	return strings.Join(words, " "), messed, err
}

func TestB056_EveryResultIsAppendedAlsoWhenTheStepFails(t *testing.T) {
	t.Parallel()
	to := validate.PersistTo("checks")
	first := true
	passesOnce := validate.With("second time", func(string) error { first = !first; return nil })
	late := layerOf(func() error {
		if !first {
			return errors.New("not yet")
		}
		return nil
	})
	for _, c := range []struct {
		name string
		step weir.Step[string, string]
		want string
		mess int
		code plan.Code
	}{
		{"one valid, one invalid", judge("s").With(to, retry.UpTo(3), validate.All(good("a"), bad("b"))), "a=true b=falseno title", 0, plan.CodeValidation},
		{"all valid", judge("s").With(to, validate.All(good("a"), good("b"))), "a=true b=true", 1, ""},
		{"given one by one", judge("s").With(to, bad("a"), good("b"), bad("c")), "c=falseno title b=true a=falseno title", 0, plan.CodeValidation},
		{"no checks", judge("s").With(to), "", 1, ""},
		{"the last attempt", judge("s").With(to, retry.UpTo(2), late, passesOnce), "second time=true", 1, ""},
		{"a strict validation step", judge("s").With(to, validate.Strict(bad("a"), good("b"))), "a=falseno title b=true", 0, plan.CodeValidation},
		{"a reporting one", judge("s").With(to, validate.Report(bad("a"), good("b"))), "a=falseno title b=true", 1, ""},
		{"of a primary whose fallback succeeds", fallback.To(judge("s").With(bad("a")), judge("b").With(good("b"))).With(to), "a=falseno title b=true", 1, ""},
		{"twice", judge("s").With(to, to, good("a")), "a=true a=true", 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, messed, err := kept(t, c.step)
			if got != c.want || messed != c.mess || plan.CodeOf(err) != c.code {
				t.Errorf("kept %q, mess %d, error %v; want %q, %d, %q", got, messed, err, c.want, c.mess, c.code)
			}
		})
	}
}

// layerOf is a layer that fails what succeeded while the function says so.
type layerOf func() error

func (layerOf) Name() string { return "late" }
func (l layerOf) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err == nil {
			err = l()
		}
		return out, err
	}
}

func TestTheResultsOfBranchesAreTakenInTogether(t *testing.T) {
	t.Parallel()
	var branches []weir.Step[string, string]
	for i := range 8 {
		branches = append(branches, judge(fmt.Sprint("b", i)).With(good(fmt.Sprint("c", i))))
	}
	got, _, err := kept(t, parallel.All("all", branches...).With(validate.PersistTo("checks")))
	words := strings.Fields(got)
	slices.Sort(words)
	if err != nil || len(words) != 8 || words[7] != "c7=true" {
		t.Errorf("kept %q, %v", got, err)
	}
}

func TestAListOfAnythingHoldsMaps(t *testing.T) {
	t.Parallel()
	list, err := state.Declare("checks", []any{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := weir.Compile(judge("s").With(validate.PersistTo("checks"), bad("a")), &weir.Config{State: []state.Value{list}})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.Execute(t.Context(), "in")
	got, _ := r.State.Get("checks")
	if fmt.Sprint(got) != "[map[feedback:no title name:a valid:false]]" {
		t.Errorf("holds %v", got)
	}
}

func TestAKeyForResultsThatHoldsNoListIsAWarningOrAMistake(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(judge("s").With(validate.PersistTo("none"), good("a")), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	s, _ := r.Step("s")
	if warned := fmt.Sprint(s.Note("warnings")); err != nil || !strings.Contains(warned, `persist_validation_results_to: unknown key "none"`) {
		t.Errorf("error %v, warned %s", err, warned)
	}
	for key, want := range map[string]string{"": "name a key", "mess": "the key holds a int; it must hold a list"} {
		_, err := weir.Compile(judge("s").With(validate.PersistTo(key)), &weir.Config{State: []state.Value{mess.With(0)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
}

func TestPersistToPassesWhatItMayNotSwallow(t *testing.T) {
	t.Parallel()
	layertest.Passes(t, weirtest.Context(t, results.With(nil)), validate.PersistTo("checks"), "in", "out")
}

func ExamplePersistTo() {
	checks := state.NewKey[[]validate.Result]("checks")
	write := weir.Func("write", func(context.Context, string) (string, error) { return "draft", nil }).With(
		validate.PersistTo("checks"),
		validate.All(
			validate.With("short", func(string) error { return nil }),
			validate.With("titled", func(string) error { return errors.New("no title") })))
	p, err := weir.Compile(write, &weir.Config{State: []state.Value{checks.With(nil)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, _ := p.Execute(context.Background(), "dams")
	said, _ := checks.From(r.State)
	for _, c := range said {
		fmt.Printf("%s %v %q\n", c.Name, c.Valid, c.Feedback)
	}
	// Output:
	// short true ""
	// titled false "no title"
}
