package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/parallel"
)

func ExampleAll() {
	upper := weir.Func("upper", func(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil })
	twice := weir.Func("twice", func(_ context.Context, s string) (string, error) { return s + s, nil })

	fmt.Println(weir.Do(context.Background(), parallel.All("both", upper, twice), "ada"))
	// Output: [ADA adaada] <nil>
}

func ExampleNamed() {
	seen := state.NewKey("seen", state.Reduce(state.Sum[int]))
	source := func(name string, hits int, err error) weir.Step[string, int] {
		return weir.Func(name, func(ctx context.Context, _ string) (int, error) {
			seen.Set(ctx, hits)
			return hits, err
		})
	}
	search := parallel.Named("search", []parallel.Option{parallel.OnFailure(parallel.Ignore)},
		source("docs", 3, nil), source("wiki", 0, errors.New("connection reset")), source("mail", 4, nil))
	total := weir.Func("total", func(ctx context.Context, found []parallel.Branch[int]) (int, error) {
		for _, b := range found {
			fmt.Println(b.Name, b.Out, b.Err)
		}
		return seen.Get(ctx), nil
	})

	fmt.Println(weir.Do(context.Background(), weir.Then(search, total), "weir"))
	// Output:
	// docs 3 <nil>
	// wiki 0 weir: search/wiki (func): connection reset
	// mail 4 <nil>
	// 7 <nil>
}

func ExampleJoin2() {
	words := weir.Func("words", func(_ context.Context, s string) (int, error) { return len(strings.Fields(s)), nil })
	first := weir.Func("first", func(_ context.Context, s string) (string, error) { return strings.Fields(s)[0], nil })
	join := func(_ context.Context, n int, word string) (string, error) {
		return fmt.Sprintf("%d words, the first is %q", n, word), nil
	}

	fmt.Println(weir.Do(context.Background(), parallel.Join2("look", words, first, join), "a pipeline is a value"))
	// Output: 5 words, the first is "a" <nil>
}
