package usage_test

import (
	"errors"
	"fmt"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func ExampleLimits_Check() {
	limits := usage.Limits{Cost: usage.AtMost(100_000)} // ten cents
	err := limits.Check(usage.Usage{Requests: 1, Cost: 120_000})
	fmt.Println(err, errors.Is(err, plan.ErrBudget))
	// Output: cost limit of $0.1 exceeded: $0.12 spent true
}

func ExamplePrices_Cost() {
	prices := usage.DefaultPrices()
	prices["ollama:*"] = usage.Price{} // what runs here is free
	u := usage.Usage{Requests: 1, InputTokens: 1200, OutputTokens: 300}
	for _, m := range [][2]string{{"openai", "gpt-4o-mini-2024-07-18"}, {"ollama", "llama3.2"}, {"openai", "unheard-of"}} {
		cost, known := prices.Cost(m[0], m[1], u)
		fmt.Println(m[1], usage.FormatCost(cost), known)
	}
	// Output:
	// gpt-4o-mini-2024-07-18 $0.00036 true
	// llama3.2 $0 true
	// unheard-of $0 false
}
