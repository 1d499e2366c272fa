package local_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

var (
	sum   = state.NewKey[int]("sum")
	calls = state.NewKey[[]int]("calls")
)

// adds is a step that writes to the state what it was called with.
func adds(name string) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, n int) (int, error) {
		sum.Update(ctx, func(s int) int { return s + n })
		calls.Update(ctx, func(s []int) []int { return append(s, n) })
		return n + 1, nil
	})
}

// breaks is a step that writes to the state and then ends as how says when it is called with n.
func breaks(name string, n int, how func() error) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, in int) (int, error) {
		sum.Update(ctx, func(s int) int { return s + 100 })
		if in == n {
			return -1, how()
		}
		return in, nil
	})
}

// spends is a step that uses ten tokens.
func spends(name string) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, in int) (int, error) {
		return in + 1, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 10})
	})
}

// telling is a step that always ends as how says and tells what it was called with.
func telling(name string, how func() error) weir.Step[int, int] {
	return weir.Func(name, func(_ context.Context, in int) (int, error) { return 0, fmt.Errorf("at %d: %w", in, how()) })
}

func fails() error  { return errors.New("no") }
func panics() error { panic("no further") }

// flaky fails when called first in a run.
func flaky(name string, how func() error) func() weir.Step[int, int] {
	return func() weir.Step[int, int] {
		n := 0
		return weir.Func(name, func(ctx context.Context, in int) (int, error) {
			sum.Update(ctx, func(s int) int { return s + 1 })
			if n++; n == 1 {
				return 0, how()
			}
			return in, nil
		}).With(retry.UpTo(3))
	}
}

func always(s weir.Step[int, int]) func() weir.Step[int, int] {
	return func() weir.Step[int, int] { return s }
}

// items runs a step for the numbers up to 5, w at a time.
func items(body weir.Step[int, int], w int) weir.Step[int, int] {
	list := weir.Func("list", func(_ context.Context, n int) ([]int, error) { return []int{1, 2, 3, 4, 5}, nil })
	count := weir.Func("count", func(_ context.Context, all []each.Outcome[int]) (int, error) { return len(all), nil })
	return weir.Then3(list, each.Collect("all", body, each.Width(w), each.Merge(state.Overwrite)), count)
}

// branches runs steps beside each other, w at a time.
func branches(w int, steps ...weir.Step[int, int]) weir.Step[int, int] {
	opts := []parallel.Option{parallel.Width(w), parallel.OnFailure(parallel.Propagate)}
	last := weir.Func("last", func(_ context.Context, all []parallel.Branch[int]) (int, error) { return all[len(all)-1].Out, nil })
	return weir.Then(parallel.Named("beside", opts, steps...), last)
}

// ends gives an error of a code that nobody may swallow.
func ends(code plan.Code) func() error {
	return func() error { return plan.Errorf(code, "enough") }
}

func TestB152TheEngineDoesTheSameWithoutAnyOptimisation(t *testing.T) {
	t.Parallel()
	two := weir.Chain("two", adds("one"), adds("other"))
	large := weir.Func("large", func(context.Context, int) (string, error) { return strings.Repeat("x", 1000), nil })
	length := weir.Func("length", func(_ context.Context, s string) (int, error) { return len(s), nil })
	for name, create := range map[string]func() weir.Step[int, int]{
		"a sequence":                  always(weir.Chain("seq", adds("a"), two, adds("b"))),
		"a failure":                   always(weir.Chain("seq", adds("a"), breaks("b", 2, fails), adds("c"))),
		"a failure at the end":        always(weir.Chain("seq", adds("a"), breaks("b", 2, fails))),
		"a failure within":            always(weir.Chain("seq", weir.Chain("inner", breaks("b", 1, fails), adds("c")).With(retry.UpTo(2)), adds("d"))),
		"a failure at the end of one": always(weir.Chain("seq", weir.Chain("inner", adds("c"), breaks("b", 2, fails)).With(retry.UpTo(2)), adds("d"))),
		"a panic":                     always(weir.Chain("seq", adds("a"), breaks("b", 2, panics), adds("c"))),
		"an abort":                    always(fallback.To(breaks("b", 1, ends(plan.CodeAborted)), adds("c"))),
		"a step that says it was cut": always(weir.Chain("seq", breaks("b", 1, func() error { return context.Canceled }))),
		"a step that was kept":        always(breaks("b", 1, func() error { return plan.KeepState(errors.New("kept")) })),
		"too much":                    always(weir.Then(large, length)),
		"another attempt":             flaky("f", fails),
		"another after a panic":       flaky("f", panics),
		"a loop":                      always(loop.Times("rounds", 4, two)),
		"a loop that fails":           always(loop.Times("rounds", 4, weir.Chain("body", adds("a"), breaks("b", 3, fails)))),
		"a loop beyond its budget":    always(loop.Times("rounds", 8, spends("b"))),
		"usage in a sequence":         always(weir.Chain("seq", spends("a"), spends("b"), breaks("c", 3, fails))),
		"a condition that panics":     always(loop.Until("rounds", 4, func(n int) bool { return n > 2 && panics() == nil }, adds("a"))),
		"a fallback":                  always(fallback.To(breaks("b", 1, panics), adds("c"))),
		"branches":                    always(branches(0, adds("a"), two, loop.Times("r", 3, adds("b")))),
		"branches one by one":         always(branches(1, adds("a"), two, adds("b"))),
		"branches two by two":         always(branches(2, two, two.Named("three"), two.Named("four"), two.Named("five"))),
		"a branch that fails":         always(branches(0, adds("a"), breaks("b", 1, fails), two)),
		"a branch that panics":        always(branches(1, adds("a"), breaks("b", 1, panics), two)),
		"a branch that ends the run":  always(branches(1, adds("a"), breaks("b", 1, ends(plan.CodeAborted)), two)),
		"a branch that waits":         always(branches(0, adds("a"), breaks("b", 1, ends(plan.CodePaused)), two)),
		"items":                       always(items(two, 3)),
		"items one by one":            always(items(two, 1)),
		"an item that fails":          always(items(breaks("b", 3, fails), 1)),
		"items of which some panic":   always(items(breaks("b", 3, panics), 3)),
		"items that are tried again":  always(items(breaks("b", 3, fails).With(retry.UpTo(2)), 2)),
		"items that wait":             always(items(weir.Chain("body", adds("a"), breaks("b", 3, ends(plan.CodePaused))), 2)),
		"items that all wait":         always(items(telling("b", ends(plan.CodePaused)), 4)),
		"an item that waits":          always(items(breaks("b", 3, ends(plan.CodePaused)), 1)),
		"branches in items":           always(items(branches(0, adds("a"), two), 2)),
		"items in branches":           always(branches(0, items(two, 2).Named("x"), items(two, 1).Named("y"))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := weirtest.SameWithout(t, 1, func() (weir.Step[int, int], *weir.Config) {
				return create(), &weir.Config{MaxOutput: 500, Limits: usage.Limits{Tokens: usage.AtMost(55)}}
			})
			if !strings.Contains(out, "status") {
				t.Error("nothing was compared")
			}
			if testing.Verbose() {
				t.Log(out)
			}
		})
	}
}
