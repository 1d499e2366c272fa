package loop_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
)

func ExampleUntil() {
	halve := weir.Func("halve", func(_ context.Context, n int) (int, error) { return n / 2, nil })
	shrink := loop.Until("shrink", 20, func(n int) bool { return n < 10 }, halve)
	fmt.Println(weir.Do(context.Background(), shrink, 1000))
	// Output: 7 <nil>
}

func ExampleTimes() {
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	fmt.Println(weir.Do(context.Background(), loop.Times("grow", 10, double), 1))
	// Output: 1024 <nil>
}

func ExampleRefine() {
	write := weir.Func("write", func(_ context.Context, r loop.Round[string, string]) (string, error) {
		if r.Feedback == "" {
			return r.Input, nil
		}
		return r.Previous + " (" + r.Feedback + ")", nil
	})
	review := weir.Func("review", func(_ context.Context, draft string) (loop.Verdict, error) {
		return loop.Verdict{Done: len(draft) > 20, Feedback: "with numbers"}, nil
	})
	fmt.Println(weir.Do(context.Background(), loop.Refine("polish", 3, write, review), "a report"))
	// Output: a report (with numbers) <nil>
}

func ExampleNew() {
	collect := weir.Func("page", func(_ context.Context, page int) ([]string, error) {
		return []string{fmt.Sprint("entry of page ", page)}, nil
	})
	pages := loop.New("pages", loop.Rules[string, int, []string, int]{
		Max:    3,
		Start:  func(context.Context, string) (int, error) { return 1, nil },
		Next:   func(_ context.Context, _ []string, rounds int) (int, error) { return rounds + 1, nil },
		Finish: func(_ context.Context, last []string) (int, error) { fmt.Println(last[0]); return len(last), nil },
	}, collect)
	fmt.Println(weir.Do(context.Background(), pages, "query"))
	// Output:
	// entry of page 3
	// 1 <nil>
}
