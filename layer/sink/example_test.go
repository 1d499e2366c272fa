package sink_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/state"
)

func ExampleTo() {
	lines := state.NewKey[int]("lines")
	count := weir.Func("count", func(_ context.Context, text string) (string, error) { return "42", nil }).With(sink.To("lines"))

	plan, err := weir.Compile(count, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := plan.Execute(context.Background(), "some text", weir.State(lines.With(0)))
	n, _ := lines.From(res.State)
	fmt.Println(res.Output, n+1, err)
	// Output: 42 43 <nil>
}
