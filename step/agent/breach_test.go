package agent

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// purse is a run that refuses what goes beyond its limits.
type purse struct {
	usage.Sink // the rest is not called
	limits     usage.Limits
	spent      usage.Usage
}

func (p *purse) Report(u usage.Usage) error {
	p.spent = p.spent.Add(u)
	return p.limits.Check(p.spent)
}

func TestBreachOfALimitEndsTheQuestions(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]modeltest.Reply{
		"an answer that does not pass": {Text: "prose"},
		"an answer that passes":        {Text: `{"n":1}`},
		"a failed call":                {Err: &model.Error{Class: plan.ClassNetwork}},
	} {
		p := &purse{limits: usage.Limits{Calls: usage.AtMost(0)}}
		ctx := context.WithValue(t.Context(), usage.ContextKey{}, usage.Sink(p))
		m := modeltest.Replies(t, reply)
		s, err := inferred(reflect.TypeFor[map[string]int]())
		if err != nil {
			t.Fatal(err)
		}
		n := &node{system: fixed(""), prompt: func(context.Context, any) (string, error) { return "hi", nil }, output: output{schema: s, decode: untyped}}
		a := &asker{node: n, model: m, reask: 3}
		out, err := a.run(ctx, &layertest.Frame{}, "hi")
		if out != nil || !errors.Is(err, plan.ErrBudget) || m.Asked() != 1 {
			t.Errorf("%s: output %v, err = %v after %d questions", name, out, err, m.Asked())
		}
	}
}
