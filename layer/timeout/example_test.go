package timeout_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/timeout"
)

func ExampleAfter() {
	slow := weir.Func("slow", func(ctx context.Context, _ string) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}).With(timeout.After(time.Millisecond))

	_, err := weir.Do(context.Background(), slow, "hi")
	fmt.Println(err)
	fmt.Println(errors.Is(err, weir.ErrTimeout))
	// Output:
	// weir: slow (func): timed out after 1ms: context deadline exceeded
	// true
}
