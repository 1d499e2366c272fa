package budget_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/usage"
)

// draft is a step that reports what it used, as steps that ask a model do.
func draft(tokens int64) weir.Step[string, string] {
	return weir.Func("draft", func(ctx context.Context, topic string) (string, error) {
		return "about " + topic, usage.Report(ctx, usage.Usage{Requests: 1, OutputTokens: tokens})
	})
}

func ExampleAtMost() {
	step := draft(1200).With(budget.AtMost(usage.Limits{Tokens: usage.AtMost(1000)}))
	_, err := weir.Do(context.Background(), step, "tides")
	fmt.Println(err)
	// Output: weir: draft (func): token limit of 1000 exceeded: 1200 used
}

func ExampleFrom() {
	today, err := usage.NewBudget(usage.Limits{Tokens: usage.AtMost(1000)}) // of all runs together
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := weir.Compile(draft(400).With(budget.From(today)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		if _, err := plan.Run(context.Background(), "tides"); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(today.Remaining().Tokens.Value(), "tokens are left")
	// Output: 200 tokens are left
}

func ExampleExpect() {
	step := draft(400).With(budget.Expect(usage.Usage{OutputTokens: 500}))
	plan, err := weir.Compile(weir.Chain("twice", step, step.Named("redraft")), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = plan.Run(context.Background(), "tides", weir.Budget(usage.Limits{Tokens: usage.AtMost(800)}))
	fmt.Println(err)
	// Output: weir: twice/redraft (func): token limit of 800 leaves too little: 500 expected, 400 left
}

func ExampleReserve() {
	estimates := usage.Estimates{"openai:gpt-4o*": {OutputTokens: 500, Cost: 10_000}} // by the model
	fmt.Println(budget.Reserve(estimates).Name())                                     // weir.Config.Estimator puts it where it belongs
	// Output: budget
}
