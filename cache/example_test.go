package cache_test

import (
	"context"
	"fmt"
	"time"

	"github.com/weirflow/weir/cache"
)

func ExampleNew() {
	c, err := cache.New(&cache.Config{Size: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, key := range []string{"a", "b", "c"} {
		_ = c.Put(ctx, key, cache.Entry{Output: key + "!"}, time.Minute)
	}
	_, first, _ := c.Get(ctx, "a")
	last, _, _ := c.Get(ctx, "c")
	fmt.Println(first, last.Output, c.Stats().Evictions)
	// Output: false c! 1
}
