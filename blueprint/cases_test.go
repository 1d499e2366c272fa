package blueprint

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/weirtest"
)

var _ = weirtest.Update()

// nobody is a model that is never asked.
var nobody = model.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, nil })

// options are those of the cases: all kinds, and a few functions.
func options() Options {
	same := func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
	return Options{Kinds: kinds.All(), Funcs: map[string]plan.Op{"load": same, "score": same, "is_done": same}}
}

// loaded reads the blueprint of a case.
func loaded(o Options) weirtest.Load {
	return func(_ testing.TB, c *weirtest.Case) (weir.Step[any, any], *weir.Config, error) {
		b, err := Load("in.yaml", []byte(c.Part("in.yaml")), o)
		if err != nil {
			return weir.Step[any, any]{}, nil, fmt.Errorf("stage %s\n%w", StageOf(err), err)
		}
		models := model.Models{"local:small": nobody, "local:big": nobody}
		return weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without, Models: models}, nil
	}
}

func TestBlueprintsBecomeSteps(t *testing.T) {
	t.Parallel()
	weirtest.Cases(t, "testdata/tree", loaded(options()))
}

func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	weirtest.Cases(t, "testdata/error", loaded(options()))
}

// runnable are the options of cases that run.
func runnable() Options {
	o := options()
	o.Funcs = workingFuncs()
	return o
}

func TestBlueprintsRun(t *testing.T) {
	t.Parallel()
	weirtest.Cases(t, "testdata/run", loaded(runnable()))
}

func TestB152BlueprintsDoTheSameWithoutAnyOptimisation(t *testing.T) {
	one := atProcs(t, 1)
	for name, outcome := range atProcs(t, 8) {
		if outcome != one[name] {
			t.Errorf("%s: with 8 threads\n%s\nwith one\n%s", name, outcome, one[name])
		}
	}
}

// atProcs gives the outcomes of all cases that run, with a number of threads.
func atProcs(t *testing.T, n int) map[string]string {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	load := loaded(runnable())
	return weirtest.SameCases(t, "testdata/run", func(t testing.TB, c *weirtest.Case) (weir.Step[any, any], *weir.Config, error) {
		if c.Name == "runaway" {
			t.Skip("an expression that runs until its cost is spent takes long, and no optimisation concerns it")
		}
		return load(t, c)
	})
}

func TestPlansSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	weirtest.Cases(t, "testdata/explain", loaded(options()))
}
