package update_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/state"
)

func ExampleContext() {
	type verdict struct {
		Severity int    `json:"severity"`
		Reason   string `json:"reason"` // no key of the run: left out
	}
	severity := state.NewKey[int]("severity")
	judge := weir.Func("judge", func(context.Context, string) (verdict, error) {
		return verdict{Severity: 3, Reason: "disk full"}, nil
	}).With(update.Context(false))

	plan, err := weir.Compile(judge, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := plan.Execute(context.Background(), "the log", weir.State(severity.With(0)))
	n, _ := severity.From(res.State)
	fmt.Println(n, err)
	// Output: 3 <nil>
}
