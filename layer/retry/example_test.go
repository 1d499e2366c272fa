package retry_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
)

func ExampleUpTo() {
	calls := 0
	fetch := weir.Func("fetch", func(_ context.Context, url string) (string, error) {
		if calls++; calls < 3 {
			return "", errors.New("connection reset")
		}
		return "the page", nil
	}).With(retry.UpTo(3, retry.Backoff(time.Millisecond, 2, time.Second), retry.Jitter(1)))

	page, err := weir.Do(context.Background(), fetch, "https://example.com")
	fmt.Println(page, err, calls)
	// Output: the page <nil> 3
}
