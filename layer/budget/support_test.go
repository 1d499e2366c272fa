package budget_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

var errBoom = errors.New("boom")

func tokens(n int64) usage.Usage { return usage.Usage{OutputTokens: n} }
func only(n int64) usage.Limits  { return usage.Limits{Tokens: usage.AtMost(n)} }

// shared is a budget of this many tokens.
func shared(t *testing.T, n int64) *usage.Budget {
	t.Helper()
	b, err := usage.NewBudget(only(n))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// left is how many tokens a budget has left.
func left(b *usage.Budget) int64 { return b.Remaining().Tokens.Value() }

// answers is a model that answers every question and uses this many tokens for it.
func answers(used int64) model.Model {
	return model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Text: "ok", Usage: tokens(used)}, nil
	})
}

// ask is a step that asks a model.
func ask(m model.Model) weir.Step[string, string] {
	return agent.New[string]("ask", agent.Spec[string]{Model: m})
}

// spends is a step that uses tokens and then returns this error.
func spends(name string, used int64, err error) weir.Step[string, string] {
	return weir.Func(name, func(ctx context.Context, in string) (string, error) {
		return in, errors.Join(usage.Report(ctx, tokens(used)), err)
	})
}

func compile(t *testing.T, s weir.Step[string, string], c *weir.Config) *weir.Plan[string, string] {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// limits gives the breach or refusal in err.
func limits(t *testing.T, err error) usage.LimitError {
	t.Helper()
	e, ok := errors.AsType[*usage.LimitError](err)
	if !ok || !errors.Is(err, weir.ErrBudget) {
		t.Fatalf("error %v, want one of a limit", err)
	}
	return *e
}

// flat gives each estimate as it is.
type flat usage.Usage

func (f flat) Estimate(usage.Call) usage.Usage { return usage.Usage(f) }

// twins runs a step n times at once.
func twins(s weir.Step[string, string], n int) weir.Step[string, string] {
	steps := make([]weir.Step[string, string], n)
	for i := range steps {
		steps[i] = s.Named(fmt.Sprint("b", i))
	}
	join := weir.Func("join", func(context.Context, []string) (string, error) { return "", nil })
	return weir.Then(parallel.All("all", steps...), join).Named("twins")
}
