package human_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/human"
)

func ExampleAsk() {
	ctx := context.Background()
	ask := human.Ask[string, int]("how many", func(_ context.Context, in string) (string, error) { return "How many " + in + "?", nil })
	order := weir.Then(ask, weir.Func("order", func(_ context.Context, n int) (string, error) { return fmt.Sprint(n, " ordered"), nil }))
	plan, err := weir.Compile(order, nil)
	if err != nil {
		panic(err)
	}
	run, _ := plan.Start(ctx, "apples")
	result, _ := run.Wait(ctx)
	fmt.Println(result.Status, result.Pending[0].Question)

	fmt.Println(run.Answer(ctx, result.Pending[0].ID, "many") != nil)
	fmt.Println(run.Answer(ctx, result.Pending[0].ID, 12))
	result, _ = run.Wait(ctx)
	fmt.Println(result.Status, result.Output)
	// Output:
	// paused How many apples?
	// true
	// <nil>
	// completed 12 ordered
}

func ExampleApprove() {
	publish := human.Approve("approve", human.Text[string]("Publish it?"))
	plan, err := weir.Compile(publish, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(plan.Run(context.Background(), "the draft", weir.Answers(func(_ context.Context, r weir.Request) (any, error) {
		return "approve", nil // what somebody said to r.Question
	})))
	// Output: the draft <nil>
}
