package failure_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/failure"
	"github.com/weirflow/weir/layer/retry"
)

func ExampleHandle() {
	send := weir.Func("send", func(context.Context, string) (string, error) { return "", errors.New("the server is down") })
	alert := func(_ context.Context, f failure.Failure) error {
		fmt.Printf("%s gave up on %q after %d attempts: %v\n", f.Path, f.Input, f.Attempts, f.Err)
		return nil
	}
	_, err := weir.Do(context.Background(), send.With(failure.Handle(alert), retry.UpTo(3)), "hello")
	fmt.Println(err)
	// Output:
	// send gave up on "hello" after 3 attempts: the server is down
	// weir: send (func, attempt 3): the server is down
}
