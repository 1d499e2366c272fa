package state_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/weirflow/weir/state"
)

// strand is the least a context of a run does: it answers state.ContextKey.
type strand struct {
	context.Context
	scope state.Scope
}

func (s *strand) Value(key any) any {
	if key == (state.ContextKey{}) {
		return &s.scope
	}
	return s.Context.Value(key)
}

var (
	severity = state.NewKey("severity", state.Default(1))
	hosts    = state.NewKey[[]string]("hosts")
	errs     = state.NewKey("errors", state.Reduce(state.Sum[int]))
)

func Example() {
	run := &strand{Context: context.Background()}
	hosts.Set(run, []string{"web1"})

	left, right := &strand{Context: run}, &strand{Context: run}
	run.scope.Fork(&left.scope)
	run.scope.Fork(&right.scope)

	add := func(ctx context.Context, host string, n int) {
		hosts.Update(ctx, func(h []string) []string { return append(h, host) })
		errs.Update(ctx, func(e int) int { return e + n })
	}
	add(left, "db1", 2)
	add(right, "db2", 3)
	fmt.Println("before the merge:", hosts.Get(run), errs.Get(run))

	report, err := state.Merge(&run.scope, []state.Branch{
		{Name: "left", Changes: left.scope.Changes()},
		{Name: "right", Changes: right.scope.Changes()},
	})
	fmt.Println("merged:", report.Keys, err)
	fmt.Println("after:", hosts.Get(run), errs.Get(run), severity.Get(run))

	text, _ := json.Marshal(run.scope.Snapshot())
	fmt.Println(string(text))
	// Output:
	// before the merge: [web1] 0
	// merged: [errors hosts] <nil>
	// after: [web1 db1 db2] 5 1
	// {"errors":5,"hosts":["web1","db1","db2"]}
}

func ExampleMerge_conflict() {
	var run, left, right state.Scope
	run.Fork(&left)
	run.Fork(&right)
	_ = left.Store("verdict", "guilty")
	_ = right.Store("verdict", "innocent")
	branches := []state.Branch{{Name: "left", Changes: left.Changes()}, {Name: "right", Changes: right.Changes()}}

	_, err := state.Merge(&run, branches)
	fmt.Println(err)

	_, _ = state.Merge(&run, branches, state.Mapping{"left": {"verdict"}, "right": nil})
	fmt.Println(run.Lookup("verdict"))
	// Output:
	// state: merge conflict for key "verdict": "left" made it "guilty", "right" made it "innocent" (give the key to one branch with a field mapping, or declare a reducer for it)
	// guilty true
}

func ExampleScope_Update() {
	var run state.Scope
	count, _ := state.Declare("count", 0)
	run.Init(false, count)
	ignored, err := run.Update(map[string]any{"count": 2.0, "colour": "red"}, false)
	fmt.Println(run.Lookup("count"))
	fmt.Println(ignored, err)
	// Output:
	// 2 true
	// [colour] <nil>
}
