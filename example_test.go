package weir_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// The README's program.
func Example() {
	greet := weir.Func("greet", func(_ context.Context, name string) (string, error) { return "hello " + name, nil })
	fmt.Println(weir.Do(context.Background(), greet, "ada"))
	// Output: hello ada <nil>
}

func ExampleThen() {
	words := weir.Func("words", func(_ context.Context, text string) ([]string, error) { return strings.Fields(text), nil })
	count := weir.Func("count", func(_ context.Context, list []string) (int, error) { return len(list), nil })
	fmt.Println(weir.Do(context.Background(), weir.Then(words, count), "to be or not to be"))
	// Output: 6 <nil>
}

func ExampleChain() {
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	fmt.Println(weir.Do(context.Background(), weir.Chain("eightfold", double, double.Named("again"), double.Named("once more")), 5))
	// Output: 40 <nil>
}

func ExampleCompile() {
	add := weir.Func("add", func(_ context.Context, n int) (int, error) { return n + 1, nil })
	_, err := weir.Compile(weir.Chain("sum", add, add, weir.Func[int, int]("none", nil)), nil)
	fmt.Println(err)
	// Output:
	// weir: compile: sum/add: two steps in one scope have the name "add"; rename one
	// weir: compile: sum/none: the function of step "none" is nil
}

func ExamplePlan_Execute() {
	tokens := func(_ context.Context, text string) (int, error) { return len(strings.Fields(text)), nil }
	count := weir.Func("count", func(ctx context.Context, text string) (int, error) {
		n, err := tokens(ctx, text)
		usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: int64(n)})
		return n, err
	})
	plan, err := weir.Compile(count, nil)
	if err != nil {
		panic(err)
	}
	result, err := plan.Execute(context.Background(), "one two three", weir.ID("run-1"))
	fmt.Println(result.Output, err, result.ID, result.Status, result.Usage.Tokens())
	for _, s := range result.Steps {
		fmt.Println(s.Path(), s.Status(), s.Attempts())
	}
	// Output:
	// 3 <nil> run-1 completed 3
	// count completed 1
}

func ExamplePlan_Start() {
	plan, err := weir.Compile(weir.Func("greet", func(_ context.Context, name string) (string, error) { return "hello " + name, nil }), nil)
	if err != nil {
		panic(err)
	}
	run, err := plan.Start(context.Background(), "ada")
	if err != nil {
		panic(err)
	}
	for e := range run.Events() {
		fmt.Println(strings.TrimSpace(string(e.Type) + " " + e.Path))
	}
	result, err := run.Wait(context.Background())
	fmt.Println(result.Output, err)
	// Output:
	// run.started
	// step.started greet
	// step.completed greet
	// run.completed
	// hello ada <nil>
}

// A recorder of summaries is told once of each run what its steps did.
func ExampleConfig_telemetry() {
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	tell := telemetry.Summaries(func(_ context.Context, s *telemetry.Summary) {
		for i, r := range s.Records {
			fmt.Println(s.End, s.Sites[i].Path, "ran", r.Count, "times, failed", r.Failures)
		}
	})
	p, err := weir.Compile(loop.Times("grow", 3, double), &weir.Config{Telemetry: tell})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Run(context.Background(), 1))
	// Output:
	// run.completed grow ran 1 times, failed 0
	// run.completed grow/double ran 3 times, failed 0
	// 8 <nil>
}

func ExampleState() {
	visits := state.NewKey[int]("visits")
	count := weir.Func("count", func(ctx context.Context, name string) (string, error) {
		visits.Update(ctx, func(n int) int { return n + 1 })
		return fmt.Sprintf("%s, visit %d", name, visits.Get(ctx)), nil
	})
	plan, err := weir.Compile(count, nil)
	if err != nil {
		panic(err)
	}
	result, err := plan.Execute(context.Background(), "ada", weir.State(visits.With(6)))
	n, _ := visits.From(result.State)
	fmt.Println(result.Output, n, err)
	// Output: ada, visit 7 7 <nil>
}
