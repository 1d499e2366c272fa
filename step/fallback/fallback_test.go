package fallback_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/steptest"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

type step = weir.Step[string, string]

// noted checks notes of the step at a path.
func noted(t *testing.T, r *weir.Result[string], path string, want map[string]any) weir.StepResult {
	t.Helper()
	s, ok := r.Step(path)
	if !ok {
		t.Fatalf("step %q was not reached", path)
	}
	for key, v := range want {
		if s.Note(key) != v {
			t.Errorf("%s: note %s is %v; want %v", path, key, s.Note(key), v)
		}
	}
	return s
}

// fails is a step that always fails, and counts its calls.
func fails(name string, calls *int) step {
	return weir.Func(name, func(context.Context, string) (string, error) {
		*calls++
		return "", errors.New(name + " is down")
	})
}

// gives is a step that gives its name and input.
func gives(name string) step {
	return weir.Func(name, func(_ context.Context, in string) (string, error) { return name + " of " + in, nil })
}

func TestASuccessOfThePrimaryIsAll(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, fallback.To(gives("write"), fails("template", &calls)), "in")
	if err != nil || r.Output != "write of in" || calls != 0 {
		t.Errorf("got %q, %v, and the alternate ran %d times", r.Output, err, calls)
	}
	s := noted(t, r, "write", map[string]any{"fallback_triggered": nil, "attempts": nil})
	if s.Kind() != "fallback" || s.Ran() != "write" || s.Attempts() != 1 {
		t.Errorf("kind %s, ran %s, %d attempts", s.Kind(), s.Ran(), s.Attempts())
	}
}

func TestB057_AttemptsAreThoseOfBoth(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, fallback.To(fails("write", &calls).With(retry.UpTo(4)), gives("template")), "in")
	if err != nil || calls != 4 {
		t.Fatalf("%v after %d calls of the primary; want 4", err, calls)
	}
	if s := noted(t, r, "write", nil); s.Attempts() != 5 {
		t.Errorf("%d attempts; want 4+1", s.Attempts())
	}
	other := 0
	r, err = steptest.Execute(t, fallback.To(fails("write", &calls).With(retry.UpTo(4)), fails("template", &other).With(retry.UpTo(3))), "in")
	if s := noted(t, r, "write", nil); err == nil || s.Attempts() != 7 || other != 3 {
		t.Errorf("%d attempts, %d of the alternate, %v; want 7 and 3", s.Attempts(), other, err)
	}
}

func TestB058_TheResultTellsThatTheAlternateRan(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, fallback.To(fails("write", &calls), gives("template")), "in")
	if err != nil || r.Output != "template of in" {
		t.Fatalf("got %q, %v", r.Output, err)
	}
	s := noted(t, r, "write", map[string]any{"fallback_triggered": true, "ran": "template", "validation_failure": nil})
	if s.Path() != "write" || s.Ran() != "template" || s.Feedback() != "" || !s.Success() || s.Err() != nil {
		t.Errorf("path %s, ran %s, feedback %q, status %v", s.Path(), s.Ran(), s.Feedback(), s.Status())
	}
	if original, _ := s.Note("original_error").(string); !strings.Contains(original, "write is down") {
		t.Errorf("original_error is %q", original)
	}
	for _, path := range []string{"write/write", "write/template"} {
		noted(t, r, path, nil)
	}
}

func TestB059_DiagnosticsKeepThePrimarysFailure(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, fallback.To(fails("write", &calls), gives("template"), fallback.Diagnostics()), "in")
	if err != nil {
		t.Fatal(err)
	}
	if got := noted(t, r, "write", nil).Feedback(); !strings.HasPrefix(got, "Primary agent failed: ") || !strings.Contains(got, "write is down") {
		t.Errorf("feedback %q", got)
	}
}

func TestB060_BothFailuresAreNamed(t *testing.T) {
	t.Parallel()
	calls := 0
	bad := weir.Func("template", func(context.Context, string) (string, error) {
		return "", plan.Errorf(plan.CodeInput, "no: %w", errBoom)
	})
	first := weir.Func("write", func(context.Context, string) (string, error) {
		calls++
		return "", &plan.Error{Code: plan.CodeModel, Text: "out of words"}
	})
	r, err := steptest.Execute(t, fallback.To(first, bad), "in")
	steptest.Failed(t, err, plan.CodeInput, "write")
	for _, text := range []string{"Original error: write/write (func): out of words", "Fallback error: write/template (func): no: boom"} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%v does not hold %q", err, text)
		}
	}
	if !errors.Is(err, errBoom) || !errors.Is(err, &plan.Error{Code: plan.CodeModel}) {
		t.Errorf("%v does not lead to both failures", err)
	}
	both, ok := errors.AsType[*fallback.Error](err)
	if s := noted(t, r, "write", map[string]any{"ran": nil, "attempts": 2}); s.Success() || !ok || len(both.Failures) != 2 {
		t.Errorf("status %v, error %T", s.Status(), err)
	}
}

func TestTheOutputThatTheAlternatesChecksRefusedIsKept(t *testing.T) {
	t.Parallel()
	calls := 0
	never := validate.With("never", func(string) error { return errBoom })
	r, err := steptest.Execute(t, fallback.To(fails("write", &calls), gives("template").With(never)), "in")
	steptest.Failed(t, err, plan.CodeValidation, "write")
	if r.Output != "template of in" {
		t.Errorf("output %q", r.Output)
	}
}

func TestB052_AFailedCheckFallsBack(t *testing.T) {
	t.Parallel()
	calls := 0
	short := validate.With("is short", func(s string) error {
		calls++
		if len(s) > 20 {
			return errBoom
		}
		return nil
	})
	r, err := steptest.Execute(t, fallback.To(gives("a name that is too long").With(short, retry.UpTo(3)), gives("b")), "in")
	if err != nil || r.Output != "b of in" || calls != 1 {
		t.Fatalf("got %q after %d checks, %v", r.Output, calls, err)
	}
	s := noted(t, r, "a name that is too long", map[string]any{"validation_failure": true, "validation_fallback_used": true, "fallback_triggered": true})
	if original, _ := s.Note("original_error").(string); !strings.Contains(original, "is short: boom") {
		t.Errorf("original_error is %q", original)
	}
}

func TestWhatDoesNotFallBack(t *testing.T) {
	t.Parallel()
	for _, c := range []plan.Code{plan.CodePaused, plan.CodeAborted, plan.CodeBudget, plan.CodeMissingAgent, plan.CodePricing, plan.CodePrompt} {
		t.Run(string(c), func(t *testing.T) {
			t.Parallel()
			stops := func(name string) step {
				return weir.Func(name, func(context.Context, string) (string, error) { return "", &plan.Error{Code: c, Text: "stop"} })
			}
			calls := 0
			r, err := steptest.Execute(t, fallback.To(stops("write"), fails("template", &calls)), "in")
			steptest.Failed(t, err, c, "write/write")
			if calls != 0 {
				t.Error("the alternate ran")
			}
			noted(t, r, "write", map[string]any{"fallback_triggered": nil})
			_, err = steptest.Execute(t, fallback.To(fails("write", &calls), fallback.To(stops("template"), gives("last"))), "in")
			steptest.Failed(t, err, c, "write/template") // B065: not a failure of the fallback, but what stopped the run
		})
	}
}

func TestB064_ABudgetBreachDoesNotFallBack(t *testing.T) {
	t.Parallel()
	calls := 0
	spend := weir.Func("write", func(ctx context.Context, _ string) (string, error) {
		if err := usage.Report(ctx, usage.Usage{Cost: 500_000}); err != nil {
			return "", err
		}
		return "", errBoom
	})
	p, err := weir.Compile(fallback.To(spend, fails("template", &calls)), &weir.Config{Limits: usage.Limits{Cost: usage.AtMost(400_000)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Run(t.Context(), "in"); !errors.Is(err, weir.ErrBudget) || calls != 0 {
		t.Errorf("%v, and the alternate ran %d times", err, calls)
	}
}

func TestCancellationDoesNotFallBack(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	stops := weir.Func("write", func(context.Context, string) (string, error) { cancel(); return "", errBoom })
	p, err := weir.Compile(fallback.To(stops, fails("template", &calls)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Run(ctx, "in"); !errors.Is(err, weir.ErrCanceled) || calls != 0 {
		t.Errorf("%v, and the alternate ran %d times", err, calls)
	}
}

func TestAPanicFallsBack(t *testing.T) {
	t.Parallel()
	panics := weir.Func("write", func(context.Context, string) (string, error) { panic("bug") })
	if r, err := steptest.Execute(t, fallback.To(panics, gives("template")), "in"); err != nil || r.Output != "template of in" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}

var mark = state.NewKey[string]("mark")

func TestAnAlternateFindsTheStateAsItWas(t *testing.T) {
	t.Parallel()
	writes := func(name string) step {
		return weir.Func(name, func(ctx context.Context, s string) (string, error) {
			mark.Update(ctx, func(m string) string { return m + name })
			return s, nil
		})
	}
	calls := 0
	for _, without := range [][]string{nil, {"all"}} {
		s := weir.Then(writes("before "), fallback.To(
			weir.Chain("write", writes("first "), fails("x", &calls)),
			fallback.To(weir.Chain("second", writes("second "), fails("y", &calls)), writes("third "))))
		p, err := weir.Compile(s, &weir.Config{Without: without})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Execute(t.Context(), "in")
		if got, _ := mark.From(r.State); err != nil || got != "before third " {
			t.Errorf("without %v: state %q, %v", without, got, err)
		}
	}
}

func TestB066_TheAlternateGetsTheOriginalInput(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := steptest.Execute(t, fallback.To(fails("write", &calls).With(shout{}), gives("template")), "in")
	if err != nil || r.Output != "template of in" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}

// shout is a layer that changes a step's input, as a prompt processor does.
type shout struct{}

func (shout) Name() string { return "shout" }
func (shout) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) { return next(ctx, f, in.(string)+"!") }
}

func TestASuccessAllocatesNothing(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "") // the plain twins cost more
	calls := 0
	p, err := weir.Compile(fallback.To(weir.Func("write", func(_ context.Context, n int) (int, error) { return n, nil }),
		weir.Func("template", func(_ context.Context, n int) (int, error) { calls++; return n, nil })), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() { _, _ = p.Run(ctx, 1) }); n > 1 || calls > 0 {
		t.Errorf("a success allocates %v times; want the one of the run", n)
	}
}

func TestB067_WhatEveryAttemptUsedIsCounted(t *testing.T) {
	t.Parallel()
	uses := func(name string, tokens int64, err error) step {
		return weir.Func(name, func(ctx context.Context, in string) (string, error) {
			return in, errors.Join(usage.Report(ctx, usage.Usage{OutputTokens: tokens}), err)
		})
	}
	var m usage.Totals
	s := fallback.To(uses("write", 3, errBoom).With(retry.UpTo(2)), uses("template", 7, nil))
	p, err := weir.Compile(s, &weir.Config{Meter: &m, Limits: usage.Limits{Tokens: usage.AtMost(13)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	if err != nil || r.Steps[0].Usage().Tokens() != 13 || r.Usage.Tokens() != 13 || m.Total().Tokens() != 13 {
		t.Errorf("%v, the step used %+v, the run %+v; want 13 tokens", err, r.Steps[0].Usage(), r.Usage)
	}
	if _, err = p.Run(t.Context(), "in", weir.Budget(usage.Limits{Tokens: usage.AtMost(12)})); !errors.Is(err, weir.ErrBudget) {
		t.Errorf("a limit of 12 tokens: %v", err)
	}
}
