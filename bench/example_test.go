package bench_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/bench"
)

func ExampleNew() {
	suite, err := bench.New(&bench.Config{
		Sections: []bench.Section{bench.References}, Workloads: []string{"seq10"}, Rounds: 3,
		Progress: func(p bench.Progress) { fmt.Printf("%d of %d %q\n", p.Done, p.Total, p.What) },
	})
	if err != nil {
		panic(err)
	}
	report, err := suite.Run(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Reference[0].Workload, report.Reference[0].Ratio > 1)
	// Output:
	// 0 of 1 "reference: seq10"
	// 1 of 1 ""
	// seq10 true
}

func ExamplePlan() {
	greet := weir.Func("greet", func(_ context.Context, name string) (string, error) { return "hello " + name, nil })
	mine := bench.Plan("greet", func(without []string) (func(context.Context) error, error) {
		p, err := weir.Compile(greet, &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) error { _, err := p.Run(ctx, "ada"); return err }, nil
	})
	suite, err := bench.New(&bench.Config{Plans: []bench.Workload{mine}, Rounds: 3})
	if err != nil {
		panic(err)
	}
	report, err := suite.Run(context.Background())
	if err != nil {
		panic(err)
	}
	c := report.Plans[0]
	fmt.Println(c.Workload, c.On.Ns > 0, c.Off.Ns > 0)
	// Output: greet true true
}

func ExampleCompare() {
	older := &bench.Report{Reference: []bench.Figure{{Workload: "seq10", Allocs: 1}}}
	newer := &bench.Report{Reference: []bench.Figure{{Workload: "seq10", Allocs: 2}}}
	for _, r := range bench.Compare(older, newer, 0.1) {
		fmt.Println(r)
	}
	// Output: reference: seq10: allocs was 1, is 2 (100 % worse)
}

func ExampleSummarise() {
	s := bench.Summarise([]float64{4, 1, 3, 2})
	fmt.Println(s.P50, s.Max)
	// Output: 2.5 4
}
