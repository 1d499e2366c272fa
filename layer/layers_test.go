package layer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/failure"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/input"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/persist"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/resource"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/layer/writes"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/plan/plantest"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

// previous is a template that gives the step its own input.
type previous struct{}

func (previous) Eval(_ context.Context, vars spec.Vars) (any, error) {
	return vars[spec.VarPrevious], nil
}

// quiet is a hook that says nothing.
type quiet struct{}

func (quiet) PreStep(context.Context, hook.Step) error          { return nil }
func (quiet) PostStep(context.Context, hook.StepEnd) error      { return nil }
func (quiet) OnStepFailure(context.Context, hook.StepEnd) error { return nil }

// layers has one of each layer of this folder, set so that it leaves a step that works alone.
func layers() map[string]plan.Layer {
	same := func(_ context.Context, s string) (string, error) { return s, nil }
	fine := func(string) error { return nil }
	return map[string]plan.Layer{
		"retry":                 retry.UpTo(3),
		"retry of some classes": retry.UpTo(3, retry.On(plan.ClassTimeout, plan.ClassNone), retry.When(func(error) bool { return true })),
		"timeout":               timeout.After(time.Hour),
		"limit":                 limit.At(1),
		"limit by channel":      limit.By(limit.Channel(1)),
		"validate":              validate.With("fine", fine),
		"validate all":          validate.All(validate.With("fine", fine), validate.With("fine too", fine)),
		"prompt":                process.Prompt(same),
		"output":                process.Output(same),
		"input":                 input.From(spec.Value{Source: "{{ previous_step }}", Program: previous{}}),
		"sink":                  sink.To("kept"),
		"update":                update.Context(false),
		"writes":                writes.To("kept"),
		"hook":                  hook.Round(quiet{}),
		"hook, strict":          hook.Round(quiet{}, hook.Strict()),
		"failure":               failure.Handle(func(context.Context, failure.Failure) error { return nil }),
		"allowance":             budget.AtMost(usage.Limits{Calls: usage.AtMost(9), Tokens: usage.AtMost(9), Cost: usage.AtMost(9)}),
		"allowance shared":      budget.From(&usage.Budget{}),
		"budget":                budget.Expect(usage.Usage{Cost: 1}),
		"budget by an estimate": budget.Reserve(usage.DefaultEstimates()),
		"persist feedback":      persist.Feedback("kept"),
		"persist results":       validate.PersistTo("kept"),
		"policy":                policy.By(policy.Chain()),
		"attempt":               resource.Use(resource.Funcs(func(context.Context) (int, error) { return 0, nil }, nil)),
		"plugin":                plugin.With(plugin.Rewrite("same", same)),
		"validation step":       validate.Strict(validate.With("fine", fine), plugin.Rewrite("same", same)),
	}
}

func TestEveryLayerPassesWhatItMayNotSwallow(t *testing.T) {
	t.Parallel()
	for name, l := range layers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layertest.Passes(t, weirtest.Context(t), l, "in", "out")
			plantest.Layer(t, l, "in", "out")
		})
	}
}

func TestEveryLayerHasItsPlaceInTheOrder(t *testing.T) {
	t.Parallel()
	for name, l := range layers() {
		if !slices.Contains(layer.Order(), l.Name()) {
			t.Errorf("%s: the name %q is not in the order", name, l.Name())
		}
	}
}

func TestTheOrderIsThatOfTheDesign(t *testing.T) {
	t.Parallel()
	got := layer.Order()
	design := "record trace hook policy cache input prompt retry attempt validate plugin output budget breaker limit timeout"
	rest := slices.DeleteFunc(slices.Clone(got), func(n string) bool {
		return slices.Contains([]string{"persist", "writes", "failure", "update", "sink", "allowance"}, n)
	})
	if strings.Join(rest, " ") != design {
		t.Errorf("order %v, want %s", rest, design)
	}
	for _, once := range []string{"persist", "writes", "update", "sink"} {
		if at := slices.Index(got, once); at < slices.Index(got, "record") || at > slices.Index(got, "cache") {
			t.Errorf("%s stands at %d; want it inside record and outside cache", once, at)
		}
	}
	if at := slices.Index(got, "failure"); got[at-1] != "hook" || at > slices.Index(got, "update") {
		t.Errorf("failure stands at %d; want it inside hook and outside what can fail the step", at)
	}
	slices.Sort(got) // the list itself must not change
	if layer.Order()[0] != "record" {
		t.Error("the order can be changed from outside")
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"outermost first", "timeout limit retry record", "record retry limit timeout"},
		{"what is sorted stays", "record trace hook", "record trace hook"},
		{"unknown names outermost, in the order given", "retry mine record yours", "mine yours record retry"},
		{"equal names in the order given", "timeout:1 retry timeout:2", "retry timeout:1 timeout:2"},
		{"many equal names in the order given", numbers(0, 20) + " retry" + numbers(20, 40), "retry" + numbers(0, 40)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var in []plan.Layer
			for word := range strings.FieldsSeq(c.in) {
				in = append(in, numbered{word})
			}
			before := slices.Clone(in)
			var got []string
			for _, l := range layer.Sort(in) {
				got = append(got, l.(numbered).word)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
			if !slices.Equal(in, before) {
				t.Error("the list that was given was changed")
			}
		})
	}
}

// numbers are the names of layers limit:from to limit:to, the last left out.
func numbers(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, " limit:%d", i)
	}
	return b.String()
}

// numbered is a layer whose name stops at the colon.
type numbered struct{ word string }

func (n numbered) Name() string {
	name, _, _ := strings.Cut(n.word, ":")
	return name
}
func (numbered) Wrap(_ *plan.Builder, next plan.Op) plan.Op { return next }

func TestSortLeavesANilLayerForCompileToReport(t *testing.T) {
	t.Parallel()
	got := layer.Sort([]plan.Layer{retry.UpTo(2), nil})
	if len(got) != 2 || got[0] != nil {
		t.Errorf("got %v, want the nil one outermost", got)
	}
}
