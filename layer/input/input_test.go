package input_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/input"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

var errBoom = errors.New("boom")

// program is a template written in Go.
type program func(context.Context, spec.Vars) (any, error)

func (p program) Eval(ctx context.Context, vars spec.Vars) (any, error) { return p(ctx, vars) }

func value(source any, p program) spec.Value { return spec.Value{Source: source, Program: p} }

func TestTheRenderedValueReplacesTheInputOnceAStep(t *testing.T) {
	t.Parallel()
	rendered := 0
	v := value("about {{ previous_step }}", func(_ context.Context, vars spec.Vars) (any, error) {
		rendered++
		return "about " + vars[spec.VarPrevious].(string), nil
	})
	var got []string
	ask := weir.Func("ask", func(_ context.Context, in string) (string, error) {
		if got = append(got, in); len(got) == 1 {
			return "", errBoom
		}
		return in, nil
	}).With(input.From(v), retry.UpTo(2))
	p, err := weir.Compile(ask, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "dams")
	if err != nil || rendered != 1 || strings.Join(got, ", ") != "about dams, about dams" {
		t.Errorf("error %v, rendered %d times, the attempts got %q", err, rendered, got)
	}
	if s, _ := r.Step("ask"); s.Note("templated_input") != "about dams" {
		t.Errorf("noted %v, want the rendered input", s.Note("templated_input"))
	}
}

func TestAValueThatCannotBeRenderedFailsTheStepBeforeItRan(t *testing.T) {
	t.Parallel()
	ran := false
	ask := weir.Func("ask", func(_ context.Context, in string) (string, error) {
		ran = true
		return in, nil
	})
	for source, want := range map[any]string{
		"about {{ nobody }}":     `cannot render "about {{ nobody }}": boom`,
		strings.Repeat("ü", 500): `cannot render "` + strings.Repeat("ü", 120) + `…": boom`,
	} {
		_, err := weir.Do(t.Context(), ask.With(input.From(value(source, func(context.Context, spec.Vars) (any, error) { return nil, errBoom }))), "dams")
		e, ok := errors.AsType[*weir.StepError](err)
		if !ok || e.Code != plan.CodeExpression || e.Path != "ask" || !strings.Contains(err.Error(), want) || !errors.Is(err, errBoom) {
			t.Errorf("error %v, want %q at ask", err, want)
		}
	}
	if ran {
		t.Error("the step ran")
	}
}

func TestWhatNobodyMaySwallowAndTheCallersEndPassOutOfATemplate(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	for want, eval := range map[error]program{
		plan.ErrBudget:   func(context.Context, spec.Vars) (any, error) { return nil, plan.ErrBudget },
		context.Canceled: func(ctx context.Context, _ spec.Vars) (any, error) { cancel(); return nil, ctx.Err() },
	} {
		_, err := layertest.Build(t, layertest.Step(pass, input.From(value("x", eval))))(ctx, &layertest.Frame{}, 1)
		if err != want {
			t.Errorf("error %v, want %v itself", err, want)
		}
	}
}

func TestAValueThatWasNeverCompiledIsAMistake(t *testing.T) {
	t.Parallel()
	err := layertest.Mistake(t, layertest.Step(pass, input.From(spec.Value{Source: "x"})))
	if !strings.Contains(err.Error(), "never compiled") {
		t.Errorf("mistake %v", err)
	}
}

func pass(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
