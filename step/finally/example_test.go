package finally_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/finally"
)

func ExampleDo() {
	start := weir.Func("start", func(_ context.Context, image string) (string, error) { return "container of " + image, nil })
	test := weir.Func("test", func(context.Context, string) (string, error) { return "", errors.New("2 of 40 tests failed") })
	stop := weir.Func("stop", func(ctx context.Context, o finally.Outcome[string, string]) (any, error) {
		fmt.Println("stopped what ran", o.Input, "after:", o.Err)
		return nil, ctx.Err() // nil, also when the caller has given up
	})
	check := finally.Do("check", weir.Then(start, test), stop, finally.Within(time.Minute))
	_, err := weir.Do(context.Background(), check, "weir:1")
	fmt.Println(err)
	// Output:
	// stopped what ran weir:1 after: weir: check/test (func): 2 of 40 tests failed
	// weir: check/test (func): 2 of 40 tests failed
}
