package layer_test

import (
	"context"
	"testing"
	"time"

	"github.com/weirflow/weir/layer/input"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// always is an expression that is true.
type always struct{}

func (always) Eval(context.Context, spec.Vars) (any, error) { return true, nil }

// sizeless is a limiter that does not say how many it lets in.
type sizeless struct{ limit.Limiter }

func TestLayersSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	same := func(_ context.Context, s string) (string, error) { return s, nil }
	for want, l := range map[string]plan.Layer{
		"allows at most 30 s each time":                                                               timeout.After(30 * time.Second),
		"stores the output in the run's state, under report.title":                                    sink.To("report.title"),
		"takes as input \"{{ a }}\"":                                                                  input.From(spec.Value{Source: "{{ a }}", Program: always{}}),
		"lets 3 work at the same time, over all runs":                                                 limit.At(3),
		"works only while it has one of the 4 permits that it shares with other steps, over all runs": limit.By(limit.New(4)),
		"works only while it has a permit of a limiter that it shares with other steps":               limit.By(sizeless{limit.New(1)}),
		"checks the output: has a title, small (`output < 3`)": validate.All(
			validate.With("has a title", func(string) error { return nil }), validate.Expr("small", spec.Expr{Source: "output < 3", Program: always{}}, "")),
		"checks the output: short":               validate.With("short", func(string) error { return nil }),
		"":                                       validate.All(),
		"changes the input by 2 Go functions":    process.Prompt(same, same),
		"changes the output by trim, then upper": process.OutputFuncs(spec.Func{Name: "trim"}, spec.Func{Name: "upper"}),
		"merges the output into the run's state key by key, without keys that the run does not have":       update.Context(false),
		"merges the output into the run's state key by key; keys that the run does not have fail the step": update.Context(true),
	} {
		e, ok := l.(plan.Explainer)
		if !ok {
			t.Errorf("the layer %s says nothing", l.Name())
			continue
		}
		if got := e.Explain(); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", l.Name(), got, want)
		}
	}
}
