package validate_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/fallback"
)

// rewrite is a plugin that adds a tail.
func rewrite(name, tail string, priority int) plugin.Plugin {
	return plugin.Rewrite(name, func(_ context.Context, s string) (string, error) { return s + tail, nil }, plugin.Priority(priority))
}

// refuse is a plugin that refuses everything.
func refuse(name, feedback string) plugin.Plugin {
	return plugin.New(name, func(context.Context, string) (plugin.Outcome, error) { return plugin.Fail(feedback), nil })
}

func TestB053_AStrictValidationStepTellsAllThatFailedAndHasNoOutput(t *testing.T) {
	t.Parallel()
	calls, other := 0, 0
	s := weir.Func("check", func(context.Context, string) (string, error) { calls++; return "draft", nil }).
		With(retry.UpTo(3), validate.Strict(
			validate.With("title", func(string) error { return errBad }), refuse("tone", "too rude"), refuse("mute", ""),
			validate.With("fine", func(string) error { return nil })))
	p, err := weir.Compile(fallback.To(s, weir.Func("other", func(context.Context, string) (string, error) { other++; return "", nil })), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	if !errors.Is(err, weir.ErrValidation) || calls != 1 || other != 0 || r.Output != "" {
		t.Errorf("error %v after %d calls, %d of the fallback, output %q", err, calls, other, r.Output)
	}
	step, _ := r.Step("check/check")
	if want := "validation failed: tone: too rude; mute: plugin failed without feedback; title: no title"; !strings.HasSuffix(step.Feedback(), want) {
		t.Errorf("feedback %q, want %q", step.Feedback(), want)
	}
	if step.Attempts() != 1 || step.Note("validation_passed") != false || step.Output() != nil {
		t.Errorf("%d attempts, noted %v, output %v", step.Attempts(), step.Metadata(), step.Output())
	}
	if whole, _ := r.Step("check"); whole.Note("fallback_triggered") != nil {
		t.Errorf("noted %v", whole.Metadata())
	}
}

func TestB054_AReportingValidationStepSucceedsAndKeepsTheOutput(t *testing.T) {
	t.Parallel()
	s := weir.Func("check", func(context.Context, string) (string, error) { return "draft", nil }).With(validate.Report(
		refuse("tone", "too rude"), validate.With("title", func(string) error { return errBad })))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	step, _ := r.Step("check")
	if err != nil || r.Output != "draft" || step.Note("validation_passed") != false || step.Feedback() != "tone: too rude; title: no title" {
		t.Errorf("got %q, %v, noted %v", r.Output, err, step.Metadata())
	}
}

func TestB055_ChecksJudgeWhatThePluginsLeftWhichIsTheOutput(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]func(...validate.Part) plan.Layer{"strict": validate.Strict, "report": validate.Report} {
		saw := ""
		see := validate.With("see", func(s string) error { saw = s; return nil })
		f := &layertest.Frame{}
		out, err := layertest.Build(t, layertest.Step(draft, step(see, rewrite("b", "-1", 1), rewrite("a", "-2", 2), refuse("no", ""), rewrite("c", "-0", 0))))(t.Context(), f, "brief")
		if saw != "draft-2-1-0" || name == "report" && (out != saw || err != nil) || name == "strict" && (out != nil || err == nil) {
			t.Errorf("%s: got %v, %v; the check saw %q", name, out, err, saw)
		}
		f = &layertest.Frame{}
		out, err = layertest.Build(t, layertest.Step(draft, step(see, rewrite("a", "!", 2))))(t.Context(), f, "brief")
		if out != "draft!" || err != nil || f.Notes["validation_passed"] != true {
			t.Errorf("%s: got %v, %v, noted %v; want it to pass", name, out, err, f.Notes)
		}
	}
}

func TestAFallbackRoundAPipelineAnswersAValidationStepInsideIt(t *testing.T) {
	t.Parallel()
	s := weir.Func("check", func(context.Context, string) (string, error) { return "draft", nil }).With(validate.Strict(refuse("no", "")))
	out, err := weir.Do(t.Context(), fallback.To(weir.Chain("all", s), weir.Func("other", func(context.Context, string) (string, error) { return "mended", nil })), "in")
	if err != nil || out != "mended" {
		t.Errorf("got %q, %v", out, err)
	}
	down := weir.Func("check", func(context.Context, string) (string, error) { return "", errors.New("down") }).With(validate.Strict(refuse("no", "")))
	out, err = weir.Do(t.Context(), fallback.To(down, weir.Func("other", func(context.Context, string) (string, error) { return "mended", nil })), "in")
	if err != nil || out != "mended" {
		t.Errorf("a validation step that could not run: %q, %v", out, err)
	}
}

// odd is a part that does what it is told.
type odd func() (any, error)

func (odd) Title() string                                              { return "odd" }
func (o odd) Judge(context.Context, plan.Frame, any, any) (any, error) { return o() }
func (odd) Unfit(reflect.Type) string                                  { return "" }

func TestAPartThatCannotJudgeCountsAsFailedAndOthersStillRun(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]odd{
		"odd: validator odd failed: panic: kaput":                                 func() (any, error) { panic("kaput") },
		"odd: validator odd failed: it leaves a int, but the step gives a string": func() (any, error) { return 3, nil },
		"odd: not nice": func() (any, error) { return nil, errors.New("not nice") },
	} {
		saw := ""
		s := weir.Func("s", func(context.Context, string) (string, error) { return "draft", nil }).
			With(validate.Report(o, validate.With("see", func(s string) error { saw = s; return nil })))
		p, _ := weir.Compile(s, nil)
		r, err := p.Execute(t.Context(), "in")
		if step, _ := r.Step("s"); err != nil || r.Output != "draft" || saw != "draft" || step.Feedback() != want {
			t.Errorf("got %q, %v, feedback %q; want %q", r.Output, err, step.Feedback(), want)
		}
	}
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget} {
		if _, f, err := judged(t, validate.Report(odd(func() (any, error) { return nil, final }))); err != final || len(f.Notes) != 0 {
			t.Errorf("error %v, want %v itself", err, final)
		}
	}
}

func TestAValidationStepWithPluginsOfItsOwnKindOnly(t *testing.T) {
	t.Parallel()
	target := weir.Func("t", func(context.Context, string) (string, error) { return "", nil })
	to := plugin.New("to", func(context.Context, string) (plugin.Outcome, error) { return plugin.Redirect(target), nil })
	if _, _, err := judged(t, validate.Strict(to)); err == nil || !strings.Contains(err.Error(), `to: plugin to failed: it redirects to "t", but a validation step`) {
		t.Errorf("error %v", err)
	}
	for want, parts := range map[string][]validate.Part{
		"a part of the validation step is nil":            {nil},
		"has no targets":                                  {plugin.New("a", func(context.Context, string) (plugin.Outcome, error) { return plugin.Pass(), nil }, plugin.Targets(target))},
		`check "b": its function`:                         {validate.With[string]("b", nil)},
		`two parts of the validation step are called "c"`: {refuse("c", ""), validate.With("c", func(string) error { return nil })},
	} {
		if err := layertest.Mistake(t, layertest.Group(validate.Strict(parts...))); !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
	if out, f, err := judged(t, validate.Strict()); out != "draft" || err != nil || f.Notes["validation_passed"] != true {
		t.Errorf("no parts: %v, %v, noted %v", out, err, f.Notes)
	}
}

func TestAnOuterCheckLeavesTheLastWordOfAValidationStep(t *testing.T) {
	t.Parallel()
	var called []string
	out, _, err := judged(t, says("outer", nil, &called), validate.Strict(refuse("no", "")))
	if out != nil || !plan.Settled(err) || len(called) != 0 {
		t.Errorf("got %v, %v, called %v", out, err, called)
	}
}

func TestARegisteredFunctionIsACheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		gives any
		err   error
		want  string
	}{
		{nil, nil, ""}, {true, nil, ""}, {"", nil, ""},
		{false, nil, "long: not true: f"}, {"too short", nil, "long: too short"}, {nil, errBad, "long: no title"},
		{3, nil, "long: validator long failed: f gives int"},
	} {
		f := spec.Func{Name: "f", Call: func(context.Context, plan.Frame, any) (any, error) { return c.gives, c.err }}
		_, _, err := judged(t, validate.Func("long", f))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("gives %v, %v: %v, want %q", c.gives, c.err, err, c.want)
		}
	}
	if err := layertest.Mistake(t, layertest.Group(validate.Func("x", spec.Func{}))); !strings.Contains(err.Error(), "its function is nil") {
		t.Error(err)
	}
}

func TestPartsRoundAStepWithChildrenAreAskedOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	kept := map[string]any{}
	decide := func(_ *plan.Site, name string) plan.Decision {
		return func(_ context.Context, _ plan.Frame, _ int, decide func() (any, error)) (any, error) {
			if v, ok := kept[name]; ok {
				return v, nil
			}
			v, err := decide()
			kept[name] = v
			return v, err
		}
	}
	count := plugin.Rewrite("count", func(_ context.Context, s string) (string, error) { calls++; return s + "!", nil })
	p, err := plan.Build(layertest.Group(validate.Strict(count)), plan.Options{Decide: decide})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if out, err := p.Main.Steps[0].Op(t.Context(), &layertest.Frame{}, "in"); err != nil || out != "in!" || calls != 1 {
			t.Errorf("got %v, %v after %d calls", out, err, calls)
		}
	}
	if names := slices.Collect(func(yield func(string) bool) {
		for name := range kept {
			yield(name)
		}
	}); !slices.Equal(names, []string{"validate count"}) {
		t.Errorf("decided %v", names)
	}
}

func TestValidationStepsPassWhatTheyMayNotSwallow(t *testing.T) {
	t.Parallel()
	fine := validate.With("fine", func(string) error { return nil })
	layertest.Passes(t, t.Context(), validate.Strict(fine), "in", "out")
	layertest.Passes(t, t.Context(), validate.Report(fine), "in", "out")
}

func ExampleStrict() {
	tidy := plugin.Rewrite("tidy", func(_ context.Context, s string) (string, error) { return strings.TrimSpace(s), nil })
	short := validate.With("short", func(s string) error {
		if len(s) > 5 {
			return errors.New("it is too long")
		}
		return nil
	})
	lower := validate.With("lower case", func(s string) error {
		if s != strings.ToLower(s) {
			return errors.New("it has capitals")
		}
		return nil
	})
	name := weir.Func("name", func(_ context.Context, in string) (string, error) { return in, nil }).
		With(validate.Strict(tidy, short, lower))
	fmt.Println(weir.Do(context.Background(), name, "  ada "))
	_, err := weir.Do(context.Background(), name, "Ada Lovelace")
	fmt.Println(err)
	// Output:
	// ada <nil>
	// weir: name (func): validation failed: short: it is too long; lower case: it has capitals
}

func ExampleReport() {
	rude := validate.With("polite", func(s string) error { return errors.New("it is rude") })
	judge := weir.Func("judge", func(_ context.Context, in string) (string, error) { return in, nil }).With(validate.Report(rude))
	p, err := weir.Compile(judge, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Execute(context.Background(), "go away")
	s, _ := r.Step("judge")
	fmt.Println(r.Output, err, s.Note("validation_passed"), s.Feedback())
	// Output: go away <nil> false polite: it is rude
}
