package parallel_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/layer/writes"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// sinks is a branch whose output, of type O, goes to a place in the state.
func sinks[O any](name, to string) weir.Step[int, O] {
	return gives(name, *new(O)).With(sink.To(to))
}

// text turns any branch into one that gives text, so that branches of several types can stand beside each other.
func text[O any](s weir.Step[int, O]) weir.Step[int, string] {
	return weir.Then(s, weir.Func("text", func(_ context.Context, v O) (string, error) { return fmt.Sprint(v), nil })).Named("t" + s.Name())
}

// record is an output whose type says which keys it updates.
type record struct {
	Word  string         `json:"word"`
	Maybe int            `json:"maybe,omitempty"`
	Table map[string]int `json:"table"`
}

func TestB075_TwoBranchesThatSayTheyWriteOneKeyAreAMistake(t *testing.T) {
	t.Parallel()
	deep := parallel.All("deep", sinks[string]("x", "word"), good("y")).Named("b")
	for name, c := range map[string]struct {
		s     weir.Step[int, []parallel.Branch[string]]
		wants []string
	}{
		"sinks": {par(nil, sinks[string]("a", "word"), good("c"), sinks[string]("b", "word")),
			[]string{"par: ", `"a" and "b"`, `"word"`, "par/a, par/b", "field mapping", "reducer"}},
		"three": {par(nil, sinks[string]("a", "word"), sinks[string]("b", "word"), sinks[string]("c", "word")),
			[]string{`"a" and "b" and 1 more`}},
		"a place in a map": {par(nil, sinks[string]("a", "table.x"), sinks[string]("b", "table.x")), []string{`"table.x"`}},
		"a function that says so": {par(nil, good("a").With(writes.Keys(word)), sinks[string]("b", "word")),
			[]string{`"a" and "b"`, `"word"`}},
		"a step below a branch": {par(nil, sinks[string]("a", "word"), text(deep)),
			[]string{`"a" and "tb"`, "par/a, par/tb/b/x"}},
		"a step in a loop": {par(nil, text(sinks[int]("a", "count")), text(loop.Times("b", 2, sinks[int]("x", "count")))),
			[]string{"par/ta/a, par/tb/b/x"}},
		"the strict strategy": {par(how(state.ErrorOnConflict), text(sinks[[]int]("a", "l")), text(sinks[[]int]("b", "l"))),
			[]string{`"l"`, "context_update"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := weir.Compile(c.s, nil)
			if plan.CodeOf(err) != plan.CodeConflict {
				t.Fatalf("error %v", err)
			}
			wants(t, err.Error(), c.wants...)
		})
	}
}

func TestBranchesThatMayGoTogetherAreNoMistake(t *testing.T) {
	t.Parallel()
	type m = map[string]int
	yes := func(context.Context, int) (bool, error) { return true, nil }
	maybe := conditional.If("b", yes, sinks[string]("x", "word"), good("y"))
	fails := func(*state.Scope, []state.Branch) error { return nil }
	for name, s := range map[string]weir.Step[int, []parallel.Branch[string]]{
		"different places of a map":    par(nil, sinks[string]("a", "table.x"), sinks[string]("b", "table.y")),
		"a map and a place in it":      par(nil, sinks[string]("a", "table"), sinks[string]("b", "table.y")),
		"maps":                         par(nil, text(sinks[m]("a", "table")), text(sinks[m]("b", "table"))),
		"lists":                        par(nil, text(sinks[[]int]("a", "l")), text(sinks[[]int]("b", "l"))),
		"a key with a reducer":         par(nil, good("a").With(writes.Keys(total)), good("b").With(writes.Keys(total))),
		"a mapped key":                 par([]parallel.Option{parallel.Fields(map[string][]string{"a": {"word"}, "b": {}})}, sinks[string]("a", "word"), sinks[string]("b", "word")),
		"another strategy":             par(how(state.Overwrite), sinks[string]("a", "word"), sinks[string]("b", "word")),
		"no merge":                     par(how(state.NoMerge), sinks[string]("a", "word"), sinks[string]("b", "word")),
		"a function":                   par([]parallel.Option{parallel.MergeFunc(fails)}, sinks[string]("a", "word"), sinks[string]("b", "word")),
		"one winner":                   par(first(), sinks[string]("a", "word"), sinks[string]("b", "word")),
		"what only may run":            par(nil, sinks[string]("a", "word"), maybe),
		"keys that may be undeclared":  par(nil, text(gives("a", record{}).With(update.Context(false))), text(gives("b", record{}).With(update.Context(false)))),
		"one branch twice":             par(nil, text(weir.Then(sinks[int]("a", "count"), sinks[int]("b", "count")))),
		"a branch that merges nothing": par(nil, sinks[string]("a", "word"), text(parallel.Named("b", how(state.NoMerge), sinks[string]("x", "word")))),
	} {
		if _, err := weir.Compile(s, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatTheConfigDeclaresDecides(t *testing.T) {
	t.Parallel()
	sum := state.NewKey("count", state.Reduce(state.Sum[int]))
	counts := par(nil, text(sinks[int]("a", "count")), text(sinks[int]("b", "count")))
	if _, err := weir.Compile(counts, &weir.Config{State: []state.Value{sum.Declared()}}); err != nil {
		t.Errorf("with a reducer: %v", err)
	}
	if _, err := weir.Compile(counts, &weir.Config{State: []state.Value{count.With(0)}}); plan.CodeOf(err) != plan.CodeConflict {
		t.Errorf("without: %v", err)
	}
	places := par(nil, sinks[string]("a", "table.x"), sinks[string]("b", "table.x"))
	nested := state.NewKey[map[string][]string]("table")
	if _, err := weir.Compile(places, &weir.Config{State: []state.Value{nested.Declared()}}); err != nil {
		t.Errorf("a place that holds a list: %v", err)
	}
	updates := par(nil, text(gives("a", record{}).With(update.Context(false))), text(gives("b", record{}).With(update.Context(false))))
	maybe := state.NewKey[int]("maybe")
	_, err := weir.Compile(updates, &weir.Config{State: []state.Value{word.With(""), maybe.With(0), table.With(nil)}})
	if plan.CodeOf(err) != plan.CodeConflict {
		t.Fatalf("an update of a declared key: %v", err)
	}
	if got := err.Error(); got != `weir: compile: par: the branches "ta" and "tb" both write the state key "word" (par/ta/a, par/tb/b): give the key to one of them with a field mapping, or declare a reducer for it` {
		t.Error(got)
	}
}

func TestNestedStepsAreAskedThroughPassesAlike(t *testing.T) {
	t.Parallel()
	s := par(nil, sinks[string]("a", "word"), text(text(sinks[string]("b", "word"))))
	for _, drop := range [][]string{nil, {"all"}} {
		if _, err := weir.Compile(s, &weir.Config{Without: drop}); plan.CodeOf(err) != plan.CodeConflict {
			t.Errorf("without %v: %v", drop, err)
		}
	}
}
