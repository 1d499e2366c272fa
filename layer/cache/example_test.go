package cache_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/cache"
)

func ExampleFor() {
	shout := weir.Func("shout", func(_ context.Context, s string) (string, error) {
		fmt.Println("working")
		return strings.ToUpper(s), nil
	})
	plan, err := weir.Compile(shout.With(cache.For(time.Hour)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		fmt.Println(plan.Run(context.Background(), "hello"))
	}
	// Output:
	// working
	// HELLO <nil>
	// HELLO <nil>
}

func ExampleKey() {
	type request struct{ ID, Text string }
	length := weir.Func("length", func(_ context.Context, r request) (int, error) {
		fmt.Println("working on", r.ID)
		return len(r.Text), nil
	})
	byText := cache.Key(func(_ context.Context, r request) (any, error) { return r.Text, nil })
	plan, err := weir.Compile(length.With(cache.For(time.Hour, byText)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []string{"one", "two"} {
		fmt.Println(plan.Run(context.Background(), request{id, "hello"}))
	}
	// Output:
	// working on one
	// 5 <nil>
	// 5 <nil>
}
