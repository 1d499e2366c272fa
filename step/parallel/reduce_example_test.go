package parallel_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/parallel"
)

// answer is a branch that gives one answer to any question.
func answer[O any](name string, out O) weir.Step[string, O] {
	return weir.Func(name, func(context.Context, string) (O, error) { return out, nil })
}

func ExampleReduce() {
	longest := func(_ context.Context, drafts []parallel.Branch[string]) (string, error) {
		best := ""
		for _, d := range drafts {
			if len(d.Out) > len(best) {
				best = d.Out
			}
		}
		return best, nil
	}
	s := parallel.Reduce("draft", longest, nil, answer("terse", "disk full"), answer("wordy", "the disk of db-1 is full"))
	fmt.Println(weir.Do(context.Background(), s, "what broke?"))
	// Output: the disk of db-1 is full <nil>
}

func ExampleMajority() {
	s := parallel.Majority("vote", nil, answer("a", "disk"), answer("b", "network"), answer("c", "disk"))
	plan, err := weir.Compile(s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := plan.Execute(context.Background(), "what broke?")
	vote, _ := r.Step("vote")
	fmt.Println(r.Output, vote.Note("consensus"), err)
	// Output: disk {majority_vote 2 3} <nil>
}

func ExampleSameCode() {
	s := parallel.SameCode("vote", nil, answer("a", "return 2"), answer("b", "```go\nreturn 1\n```"), answer("c", "return 1 "))
	out, err := weir.Do(context.Background(), s, "write it")
	fmt.Printf("%q %v\n", out, err)
	// Output: "```go\nreturn 1\n```" <nil>
}

func ExampleSelect() {
	type candidates = parallel.Candidates[string, string]
	judge := weir.Func("judge", func(_ context.Context, c candidates) (string, error) {
		for _, one := range c.Candidates {
			if strings.Contains(one.Output, "disk") {
				return one.Branch, nil
			}
		}
		return c.Candidates[0].Branch, nil
	})
	s := parallel.Select("pick", judge, nil, answer("a", "no idea"), answer("b", "the disk is full"))
	fmt.Println(weir.Do(context.Background(), s, "what broke?"))
	// Output: the disk is full <nil>
}

func ExampleFirst() {
	slow := weir.Func("slow", func(ctx context.Context, _ string) (string, error) {
		<-ctx.Done() // until another has answered
		return "", ctx.Err()
	})
	s := parallel.First("race", []parallel.Option{parallel.FirstSuccess()}, slow, answer("quick", "the disk"))
	fmt.Println(weir.Do(context.Background(), s, "what broke?"))
	// Output: the disk <nil>
}

func ExampleLast() {
	s := parallel.Last("last", nil, answer("a", 1), answer("b", 2))
	fmt.Println(weir.Do(context.Background(), s, ""))
	// Output: 2 <nil>
}

func ExampleUnion() {
	type facts = map[string]int
	s := parallel.Union("facts", nil, answer("a", facts{"errors": 3}), answer("b", facts{"slow": 7, "errors": 4}))
	fmt.Println(weir.Do(context.Background(), s, "the log"))
	// Output: map[errors:4 slow:7] <nil>
}

func ExampleConcat() {
	s := parallel.Concat("found", nil, answer("a", []string{"x"}), answer("b", []string{"y", "z"}))
	fmt.Println(weir.Do(context.Background(), s, "the log"))
	// Output: [x y z] <nil>
}
