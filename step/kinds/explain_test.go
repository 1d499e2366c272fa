package kinds_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

func TestStepsWrittenInGoSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	text := func(name string) weir.Step[string, string] {
		return weir.Func(name, func(_ context.Context, s string) (string, error) { return s, nil })
	}
	yes := func(string) bool { return true }
	long := func(_ context.Context, s string) (bool, error) { return len(s) > 3, nil }
	judge := weir.Func("judge", func(_ context.Context, s string) (loop.Verdict, error) { return loop.Verdict{}, nil })
	draft := weir.Func("draft", func(_ context.Context, r loop.Round[string, string]) (string, error) { return r.Input, nil })
	both := func(_ context.Context, a, b string) (string, error) { return a + b, nil }
	for want, s := range map[string]*plan.Step{
		"calls a Go function":                      text("a").Written(),
		"runs the steps below one after the other": weir.Chain("c", text("a"), text("b")).Written(),
		"runs a and b on the same input at the same time, and gives the list of their outputs; one that fails fails the step, after all have ended": parallel.All("p", text("a"), text("b")).Written(),
		"runs a and b on the same input at the same time, and joins their outputs by a Go function; one that fails fails the step, after all have ended; they see of the run's state only k; of several changes to one key of the state the first in this order wins": parallel.Join2(
			"p", text("a"), text("b"), both, parallel.Only("k"), parallel.Merge(state.KeepFirst)).Written(),
		"runs what is below for every item of its input, one after the other, and gives the list of the outputs; the first item that fails fails the step": each.Item("e", text("a")).Written(),
		"runs what is below for every item of its input, 4 at a time, and gives each item's output or error":                                               each.Collect("e", text("a"), each.Width(4)).Written(),
		"repeats what is below until a Go function says so, at most 5 times; fails when that is not enough":                                                loop.Until("l", 5, yes, text("a")).Written(),
		"repeats what is below 2 times": loop.Times("l", 2, text("a")).Written(),
		"lets the first step below make a draft and the second judge it, until that is content, at most 3 times; fails when that is not enough": loop.Refine("l", 3, draft, judge).Written(),
		"runs one of the branches below, by what a Go function gives (true, false); passes its input on for everything else":                    conditional.If("c", long, text("a"), text("b")).Written(),
		"runs a; when that has failed for good, b on the same input":                                                                            fallback.To(text("a"), text("b")).Written(),
		"asks the model local:small with its input as the prompt; the answer is text":                                                           agent.New[string, string]("a", agent.Spec[string]{Name: "local:small"}).Written(),
		"asks the model local:small with a prompt that a Go function makes of the input and the system prompt \"Judge.\"; the answer is JSON with done and feedback; one that does not fit its schema is sent back once": agent.New[loop.Verdict]("a", agent.Spec[string]{
			Name: "local:small", System: "Judge.", Prompt: func(_ context.Context, s string) (string, error) { return s, nil }}).Written(),
	} {
		e, ok := s.Node.(plan.Explainer)
		if !ok {
			t.Errorf("the kind %s says nothing", s.Node.Kind())
			continue
		}
		if got := e.Explain(); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", s.Node.Kind(), got, want)
		}
	}
}
