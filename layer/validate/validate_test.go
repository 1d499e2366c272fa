package validate_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
)

var errBad = errors.New("no title")

// says is a check that always says the same, and tells that it was called.
func says(name string, err error, called *[]string) validate.Check {
	return validate.With(name, func(string) error {
		*called = append(*called, name)
		return err
	})
}

// judged runs a step that returns "draft" under layers.
func judged(t *testing.T, layers ...plan.Layer) (any, *layertest.Frame, error) {
	t.Helper()
	f := &layertest.Frame{}
	out, err := layertest.Build(t, layertest.Step(draft, layers...))(t.Context(), f, "brief")
	return out, f, err
}

func draft(context.Context, plan.Frame, any) (any, error) { return "draft", nil }

func TestB027_ChecksSeeTheOutputAfterItsProcessorsInOrder(t *testing.T) {
	t.Parallel()
	add := func(tail string) func(context.Context, string) (string, error) {
		return func(_ context.Context, s string) (string, error) { return s + tail, nil }
	}
	saw := ""
	see := validate.With("see", func(s string) error {
		saw = s
		return nil
	})
	step := weir.Func("ask", func(context.Context, int) (string, error) { return "a", nil }).With(see, process.Output(add("b"), add("c")))
	if out, err := weir.Do(t.Context(), step, 1); err != nil || out != "abc" || saw != "abc" {
		t.Errorf("output %q, checked %q, error %v; want abc and abc", out, saw, err)
	}
}

func TestB050_AFailedCheckIsNotRetriedAndKeepsTheOutput(t *testing.T) {
	t.Parallel()
	calls := 0
	step := weir.Func("ask", func(context.Context, int) (string, error) {
		calls++
		return "draft", nil
	}).With(retry.UpTo(4), validate.With("has a title", func(string) error { return errBad }))
	p, err := weir.Compile(step, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1)
	if !errors.Is(err, weir.ErrValidation) || !errors.Is(err, errBad) || calls != 1 {
		t.Errorf("error %v after %d calls, want a failed validation after 1", err, calls)
	}
	if s, _ := r.Step("ask"); r.Output != "draft" || s.Attempts() != 1 || !strings.Contains(s.Feedback(), "validation failed: has a title: no title") {
		t.Errorf("output %q, %d attempts, feedback %q; want the draft, 1 and what is wrong", r.Output, s.Attempts(), s.Feedback())
	}
}

func TestB051_ACheckThatPanicsCountsAsFailedAndTheOthersStillRun(t *testing.T) {
	t.Parallel()
	var called []string
	broken := validate.With("broken", func(string) error { panic("kaput") })
	out, f, err := judged(t, validate.All(says("first", nil, &called), broken, says("last", errBad, &called)))
	if out != "draft" || !errors.Is(err, plan.ErrValidation) || !strings.Contains(err.Error(), "validator broken failed: panic: kaput (and 1 more)") {
		t.Errorf("got %v, %v; want the draft and that broken failed", out, err)
	}
	if !slices.Equal(called, []string{"first", "last"}) {
		t.Errorf("called %v, want first and last", called)
	}
	if e, ok := errors.AsType[*plan.PanicError](err); !ok || len(e.Stack) == 0 {
		t.Error("the panic's stack is lost")
	}
	want := []validate.Result{{Name: "first", Valid: true}, {Name: "broken", Feedback: "validator broken failed: panic: kaput"}, {Name: "last", Feedback: "no title"}}
	if got, _ := f.Notes["validation_results"].([]validate.Result); !slices.Equal(got, want) {
		t.Errorf("noted %v, want %v", got, want)
	}
}

func TestB052_WhatAFallbackNeedsIsInTheError(t *testing.T) {
	t.Parallel()
	_, _, err := judged(t, validate.With("has a title", func(string) error { return errBad }))
	e, ok := errors.AsType[*validate.Error](err)
	if !ok || e.Err != errBad || plan.CodeOf(err) != plan.CodeValidation || plan.ClassOf(err) != plan.ClassInvalidOutput {
		t.Errorf("error %v, code %q, class %q", err, plan.CodeOf(err), plan.ClassOf(err))
	}
	if plan.Final(err) || !plan.Permanent(err) {
		t.Errorf("final %v, permanent %v; want one that a fallback answers and a retry leaves", plan.Final(err), plan.Permanent(err))
	}
}

func TestChecksGivenOneByOneAllJudgeTheSameOutput(t *testing.T) {
	t.Parallel()
	var called []string
	a, b, c := errors.New("a is bad"), error(nil), errors.New("c is bad")
	out, f, err := judged(t, says("a", a, &called), says("b", b, &called), retry.UpTo(2), says("c", c, &called))
	if slices.Sort(called); out != "draft" || !slices.Equal(called, []string{"a", "b", "c"}) {
		t.Errorf("got %v, called %v; want the draft and each once", out, called)
	}
	if !strings.Contains(err.Error(), "a: a is bad (and 1 more)") || !errors.Is(err, a) {
		t.Errorf("error %v, want the first as written", err)
	}
	want := []validate.Result{{Name: "a", Feedback: "a is bad"}, {Name: "b", Valid: true}, {Name: "c", Feedback: "c is bad"}}
	if got := f.Notes["validation_results"].([]validate.Result); !slices.Equal(got, want) {
		t.Errorf("noted %v, want %v", got, want)
	}
}

func TestAFailedCheckOfAStepInsideIsNotJudgedAgain(t *testing.T) {
	t.Parallel()
	var called []string
	inner := weir.Func("write", func(context.Context, string) (string, error) { return "draft", nil }).With(says("inner", errBad, &called))
	outer := weir.Chain("both", inner).With(says("outer", nil, &called))
	_, err := weir.Do(t.Context(), outer, "brief")
	if !errors.Is(err, errBad) || !slices.Equal(called, []string{"inner"}) {
		t.Errorf("error %v, called %v; want the inner check alone", err, called)
	}
}

func TestAnOutputThatPassesIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	var called []string
	out, f, err := judged(t, validate.All(says("a", nil, &called), says("b", nil, &called)))
	if out != "draft" || err != nil || len(f.Notes) != 0 || len(called) != 2 {
		t.Errorf("got %v, %v, noted %v, called %v", out, err, f.Notes, called)
	}
}

func TestWhatNobodyMaySwallowPassesOutOfACheck(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted, plan.ErrCanceled} {
		out, f, err := judged(t, validate.All(
			validate.With("bad", func(string) error { return errBad }),
			validate.With("asks", func(string) error { return final })))
		if err != final || out != "draft" || len(f.Notes) != 0 {
			t.Errorf("got %v, %v, noted %v; want %v itself", out, err, f.Notes, final)
		}
	}
}

func TestACheckThatEndsWithTheCallerIsNoFailedCheck(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	check := validate.Context("asks", func(ctx context.Context, _ string) error {
		cancel()
		return ctx.Err()
	})
	_, err := layertest.Build(t, layertest.Step(draft, check))(ctx, &layertest.Frame{}, nil)
	if err != context.Canceled {
		t.Errorf("error %v, want the cancellation itself", err)
	}
}
