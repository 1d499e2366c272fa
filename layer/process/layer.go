package process

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Prompt changes the input of a step by these functions, in order, each on what the one before it gave. They run once a
// step as long as the layer stands outside the retry. A function that fails is the step's failure, with plan.CodePrompt;
// the step itself is not run then.
//
// The functions are called by several goroutines when runs or branches overlap. A nil one, or a T that is not the step's
// input type, is a mistake that Compile reports.
func Prompt[T any](fs ...func(context.Context, T) (T, error)) plan.Layer { return prompt(typed(fs)) }

// PromptFuncs is Prompt for registered functions, which a blueprint names.
func PromptFuncs(fs ...spec.Func) plan.Layer { return prompt(named(fs)) }

// Output changes what the step returned by these functions, in order, each on what the one before it gave. They run once an
// attempt as long as the layer stands inside the retry. A function that fails is the attempt's failure, with plan.CodeProcessor;
// the value as it was before that function is returned beside the error.
//
// The functions are called by several goroutines when runs or branches overlap. A nil one, or a T that is not the step's
// output type, is a mistake that Compile reports.
func Output[T any](fs ...func(context.Context, T) (T, error)) plan.Layer { return output(typed(fs)) }

// OutputFuncs is Output for registered functions, which a blueprint names.
func OutputFuncs(fs ...spec.Func) plan.Layer { return output(named(fs)) }

type promptLayer struct{ chain }

func prompt(ps []processor) plan.Layer {
	return &promptLayer{chain{what: "prompt processor", code: plan.CodePrompt, ps: ps}}
}

// Name is "prompt".
func (*promptLayer) Name() string { return "prompt" }

// Fingerprint is the names of the processors.
func (l *promptLayer) Fingerprint() string { return l.fingerprint() }

// Analyse says that the step has processors.
func (l *promptLayer) Analyse(a *plan.Analysis) { a.HasProcessors = a.HasProcessors || len(l.ps) > 0 }

// Explain says what changes the input.
func (l *promptLayer) Explain() string { return l.explain("the input") }

// Wrap puts the processors before next.
func (l *promptLayer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if !l.check(b, b.Step().In) || len(l.ps) == 0 {
		return next
	}
	once := b.Decision("prompt")
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		in, err := l.once(ctx, f, once, in)
		if err != nil {
			return nil, plan.NoRetry(err)
		}
		return next(ctx, f, in)
	}
}

type outputLayer struct{ chain }

func output(ps []processor) plan.Layer {
	return &outputLayer{chain{what: "output processor", code: plan.CodeProcessor, ps: ps}}
}

// Name is "output".
func (*outputLayer) Name() string { return "output" }

// Fingerprint is the names of the processors.
func (l *outputLayer) Fingerprint() string { return l.fingerprint() }

// Analyse says that the step has processors, which need the whole output: nobody may see a part that they would change.
func (l *outputLayer) Analyse(a *plan.Analysis) {
	if len(l.ps) > 0 {
		a.HasProcessors, a.Whole = true, true
	}
}

// Explain says what changes the output.
func (l *outputLayer) Explain() string { return l.explain("the output") }

// Wrap puts the processors behind next.
func (l *outputLayer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if !l.check(b, b.Step().Out) || len(l.ps) == 0 {
		return next
	}
	once := b.Decision("output")
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err != nil {
			return out, err
		}
		return l.once(ctx, f, once, out)
	}
}
