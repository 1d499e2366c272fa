package process_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

var errBoom = errors.New("boom")

// add is a processor that puts a tail behind a text.
func add(tail string) func(context.Context, string) (string, error) {
	return func(_ context.Context, s string) (string, error) { return s + tail, nil }
}

func fail(context.Context, string) (string, error) { return "", errBoom }

// echo is an op that returns what it got, and keeps it.
func echo(got *[]any) plan.Op {
	return func(_ context.Context, _ plan.Frame, in any) (any, error) {
		*got = append(*got, in)
		return in, nil
	}
}

func TestB025_PromptProcessorsRunOnceAStepAndNotOnceAnAttempt(t *testing.T) {
	t.Parallel()
	var got []string
	ask := weir.Func("ask", func(_ context.Context, in string) (string, error) {
		got = append(got, in)
		return "", errBoom
	}).With(process.Prompt(add("!")), retry.UpTo(3))
	if _, err := weir.Do(t.Context(), ask, "hi"); !errors.Is(err, errBoom) || strings.Join(got, " ") != "hi! hi! hi!" {
		t.Errorf("error %v, the attempts got %q; want hi! three times", err, got)
	}
}

func TestB026_AFailedPromptProcessorEndsTheStepBeforeItRan(t *testing.T) {
	t.Parallel()
	var got []any
	f := &layertest.Frame{}
	op := layertest.Build(t, layertest.Step(echo(&got), retry.UpTo(3), process.Prompt(add("!"), fail)))
	_, err := op(t.Context(), f, "hi")
	if len(got) != 0 || len(f.Retries) != 0 {
		t.Errorf("%d calls and %d retries, want none", len(got), len(f.Retries))
	}
	if !errors.Is(err, errBoom) || plan.CodeOf(err) != plan.CodePrompt || !plan.Permanent(err) || err.Error() != "prompt processor 2 failed: boom" {
		t.Errorf("error %v, code %q, permanent %v", err, plan.CodeOf(err), plan.Permanent(err))
	}
}

func TestB027_ProcessorsRunInOrderEachOnWhatTheOneBeforeGave(t *testing.T) {
	t.Parallel()
	var got []any
	op := layertest.Build(t, layertest.Step(echo(&got), process.Prompt(add("a"), add("b")), process.Output(add("c"), add("d"))))
	if out, err := op(t.Context(), &layertest.Frame{}, "in:"); err != nil || out != "in:abcd" || got[0] != "in:ab" {
		t.Errorf("the step got %v and gave %v, %v; want in:ab and in:abcd", got, out, err)
	}
}

func TestAFailedOutputProcessorIsAnOrdinaryFailureThatKeepsTheValueBeforeIt(t *testing.T) {
	t.Parallel()
	var got []any
	op := layertest.Build(t, layertest.Step(echo(&got), process.Output(add("a"), fail, add("b"))))
	out, err := op(t.Context(), &layertest.Frame{}, "in:")
	if out != "in:a" || plan.CodeOf(err) != plan.CodeProcessor || plan.Permanent(err) || plan.Final(err) || err.Error() != "output processor 2 failed: boom" {
		t.Errorf("got %v, %v (code %q)", out, err, plan.CodeOf(err))
	}
}

func TestOutputProcessorsLeaveAFailedStepAlone(t *testing.T) {
	t.Parallel()
	called := false
	op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return "part", errBoom },
		process.Output(func(_ context.Context, s string) (string, error) {
			called = true
			return s, nil
		})))
	if out, err := op(t.Context(), &layertest.Frame{}, "in"); out != "part" || err != errBoom || called {
		t.Errorf("got %v, %v, called %v; want the step's own", out, err, called)
	}
}

func TestWhatNobodyMaySwallowPassesOutOfAProcessor(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted, plan.ErrMissingAgent} {
		stop := func(context.Context, string) (string, error) { return "", final }
		for _, l := range []plan.Layer{process.Prompt(stop), process.Output(stop)} {
			var got []any
			_, err := layertest.Build(t, layertest.Step(echo(&got), l))(t.Context(), &layertest.Frame{}, "in")
			if plan.CodeOf(err) != plan.CodeOf(final) || !plan.Final(err) || !errors.Is(err, final) {
				t.Errorf("%s: error %v, want %v", l.Name(), err, final)
			}
		}
	}
}

func TestAProcessorThatEndsWithTheCallerHasNotFailed(t *testing.T) {
	t.Parallel()
	for _, make := range []func(...func(context.Context, string) (string, error)) plan.Layer{process.Prompt[string], process.Output[string]} {
		ctx, cancel := context.WithCancel(t.Context())
		var got []any
		op := layertest.Build(t, layertest.Step(echo(&got), make(func(ctx context.Context, _ string) (string, error) {
			cancel()
			return "", ctx.Err()
		})))
		if _, err := op(ctx, &layertest.Frame{}, "in"); !errors.Is(err, context.Canceled) || plan.CodeOf(err) != plan.CodeFailed {
			t.Errorf("error %v (code %q), want the bare cancellation", err, plan.CodeOf(err))
		}
	}
}

func TestRegisteredFunctionsAreToldByName(t *testing.T) {
	t.Parallel()
	double := spec.Func{Name: "fn:double", Call: func(_ context.Context, _ plan.Frame, in any) (any, error) { return in.(int) * 2, nil }}
	broken := spec.Func{Name: "fn:broken", Call: func(context.Context, plan.Frame, any) (any, error) { return nil, errBoom }}
	var got []any
	op := layertest.Build(t, layertest.Step(echo(&got), process.PromptFuncs(double), process.OutputFuncs(double)))
	if out, err := op(t.Context(), &layertest.Frame{}, 3); out != 12 || err != nil || got[0] != 6 {
		t.Errorf("the step got %v and gave %v, %v; want 6 and 12", got, out, err)
	}
	for want, l := range map[string]plan.Layer{
		"prompt processor fn:broken failed: boom": process.PromptFuncs(broken),
		"output processor fn:broken failed: boom": process.OutputFuncs(double, broken),
	} {
		if _, err := layertest.Build(t, layertest.Step(echo(&got), l))(t.Context(), &layertest.Frame{}, 3); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestAValueOfAnotherTypeIsAFailureThatSaysSo(t *testing.T) {
	t.Parallel()
	var got []any
	op := layertest.Build(t, layertest.Step(echo(&got), process.Prompt(add("!"))))
	if _, err := op(t.Context(), &layertest.Frame{}, 3); err == nil || !strings.Contains(err.Error(), "prompt processor 1 failed: it takes a string, but got int") {
		t.Errorf("error %v", err)
	}
}

func TestMistakesAreToldAtCompile(t *testing.T) {
	t.Parallel()
	for want, l := range map[string]plan.Layer{
		"prompt processor 2 is nil":              process.Prompt(add("!"), nil),
		"output processor fn:x is nil":           process.OutputFuncs(spec.Func{Name: "fn:x"}),
		"prompt processor 1 takes a string":      process.Prompt(add("!")),
		"output processor 1 takes a int":         process.Output(func(_ context.Context, n int) (int, error) { return n, nil }),
		"weir: compile: write: prompt processor": process.Prompt(add("!")),
	} {
		step := weir.Func("write", func(context.Context, int) (string, error) { return "", nil }).With(l)
		if _, err := weir.Compile(step, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
}

func TestNoProcessorsAddNothing(t *testing.T) {
	t.Parallel()
	for _, l := range []plan.Layer{process.Prompt[string](), process.Output[string](), process.PromptFuncs(), process.OutputFuncs()} {
		var got []any
		p, err := plan.Build(layertest.Step(echo(&got), l), plan.Options{})
		if err != nil || p.Sites[0].Analysis.HasProcessors {
			t.Errorf("error %v, analysis %+v", err, p.Sites[0].Analysis)
		}
	}
}

func TestTheStepIsKnownToHaveProcessors(t *testing.T) {
	t.Parallel()
	for _, l := range []plan.Layer{process.Prompt(add("!")), process.Output(add("!"))} {
		var got []any
		p, err := plan.Build(layertest.Step(echo(&got), l), plan.Options{})
		if err != nil || !p.Sites[0].Analysis.HasProcessors {
			t.Errorf("error %v, or not known", err)
		}
	}
}
