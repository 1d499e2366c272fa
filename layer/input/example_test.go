package input_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/input"
	"github.com/weirflow/weir/spec"
)

// brief is what a blueprint's "Write about {{ previous_step }}." compiles to.
type brief struct{}

func (brief) Eval(_ context.Context, vars spec.Vars) (any, error) {
	return fmt.Sprintf("Write about %v.", vars[spec.VarPrevious]), nil
}

func ExampleFrom() {
	write := weir.Func("write", func(_ context.Context, prompt string) (string, error) {
		return "asked: " + prompt, nil
	}).With(input.From(spec.Value{Source: "Write about {{ previous_step }}.", Program: brief{}}))

	fmt.Println(weir.Do(context.Background(), write, "dams"))
	// Output: asked: Write about dams. <nil>
}
