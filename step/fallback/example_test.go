package fallback_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/fallback"
)

func ExampleTo() {
	write := weir.Func("write", func(context.Context, string) (string, error) { return "", errors.New("the model is down") })
	template := weir.Func("template", func(_ context.Context, topic string) (string, error) { return "A report on " + topic + ".", nil })
	p, err := weir.Compile(fallback.To(write, template), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Execute(context.Background(), "dams")
	fmt.Println(r.Output, err)
	s, _ := r.Step("write")
	fmt.Println(s.Ran(), s.Attempts(), s.Note("original_error"))
	// Output:
	// A report on dams. <nil>
	// template 2 weir: write/write (func): the model is down
}
