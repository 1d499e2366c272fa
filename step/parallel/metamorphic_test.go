package parallel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

// places are what branches of made-up steps write: keys, places in a map, and a key with a reducer.
var places = []string{"a", "b", "m.x", "m.y", "sum"}

// made is a parallel step that was made up: for each branch the places that it writes, in order.
type made struct {
	strategy state.Strategy
	branches [][]string
}

// makeUp reads bytes as a parallel step.
func makeUp(bytes []byte) made {
	next := func(n int) int {
		if len(bytes) == 0 {
			return 0
		}
		b := int(bytes[0])
		bytes = bytes[1:]
		return b % n
	}
	m := made{strategy: []state.Strategy{state.ContextUpdate, state.ErrorOnConflict}[next(2)]}
	for range 2 + next(3) {
		var writes []string
		for range next(4) {
			writes = append(writes, places[next(len(places))])
		}
		m.branches = append(m.branches, writes)
	}
	return m
}

// conflicts says what must come of it: two branches write one place.
func (m made) conflicts() bool {
	for _, p := range places {
		n := 0
		for _, writes := range m.branches {
			if slices.Contains(writes, p) {
				n++
			}
		}
		if n > 1 && (p != "sum" || m.strategy == state.ErrorOnConflict) {
			return true
		}
	}
	return false
}

// step makes the step. Its branches say what they write, or write it without a word. Every branch writes values of its own.
func (m made) step(says bool) weir.Step[int, []parallel.Branch[int]] {
	steps := make([]weir.Step[int, int], len(m.branches))
	for i, list := range m.branches {
		written := weir.Chain[int](fmt.Sprint("b", i))
		for j, to := range list {
			write := weir.Func(fmt.Sprint("w", j), func(ctx context.Context, _ int) (int, error) {
				if says {
					return 10*i + 1, nil
				}
				return 10*i + 1, state.ScopeOf(ctx).StorePath(to, 10*i+1)
			})
			if says {
				write = write.With(sink.To(to))
			}
			written = weir.Then(written, write)
		}
		steps[i] = written.Named(fmt.Sprint("b", i))
		if i%2 == 1 && len(list) > 0 {
			steps[i] = loop.Times(fmt.Sprint("b", i), 2, written)
		}
	}
	return parallel.Named("par", how(m.strategy), steps...)
}

// begin is what runs begin with: the map is there, and everything else unset.
func begin() []state.Value {
	return []state.Value{
		state.NewKey[map[string]any]("m").With(map[string]any{}),
		state.NewKey("sum", state.Reduce(state.Sum[int])).Declared(),
	}
}

// FuzzDeclaredConflicts makes steps up and wants: what Compile finds where branches say what they write is what a run finds
// where they do not, with all optimisations and with none.
func FuzzDeclaredConflicts(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 40 {
		bytes := make([]byte, 18)
		for i := range bytes {
			bytes[i] = byte(r.Uint32())
		}
		f.Add(bytes)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		m := makeUp(bytes)
		for _, drop := range [][]string{nil, {"all"}} {
			c := &weir.Config{State: begin(), Without: drop}
			_, err := weir.Compile(m.step(true), c)
			if found := plan.CodeOf(err) == plan.CodeConflict; found != m.conflicts() || !found && err != nil {
				t.Errorf("%v: Compile says %v", m, err)
			}
			p, err := weir.Compile(m.step(false), c)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Run(t.Context(), 1)
			if _, found := errors.AsType[*state.ConflictError](err); found != m.conflicts() || !found && err != nil {
				t.Errorf("%v: the run says %v", m, err)
			}
		}
	})
}

// ends runs a step and gives the state at its end as JSON.
func ends[I, O any](t *testing.T, s weir.Step[I, O], in I, without ...string) string {
	t.Helper()
	p, err := weir.Compile(s, &weir.Config{State: begin(), Without: without})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r.State)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stores is a branch that stores its name at a place, and adds one to the sum.
func stores(to string) weir.Step[int, int] {
	return weir.Func(to, func(ctx context.Context, n int) (int, error) {
		s := state.ScopeOf(ctx)
		sum, _ := s.Lookup("sum")
		had, _ := sum.(int)
		return n, errors.Join(s.StorePath(to, to), s.Store("sum", had+1))
	})
}

func TestBranchesThatDoNotDisagreeLeaveTheSameStateHoweverTheyAreArranged(t *testing.T) {
	t.Parallel()
	a, b, x, y := stores("a"), stores("b"), stores("m.x"), stores("m.y")
	const want = `{"a":"a","b":"b","m":{"x":"m.x","y":"m.y"},"sum":4}`
	one := func(name string, s weir.Step[int, []int]) weir.Step[int, int] {
		return weir.Then(s, weir.Func("n", func(_ context.Context, l []int) (int, error) { return l[0], nil })).Named(name)
	}
	for name, s := range map[string]weir.Step[int, int]{
		"beside each other":          one("s", parallel.All("par", a, b, x, y)),
		"in another order":           one("s", parallel.All("par", y, b, a, x)),
		"one after the other":        weir.Chain("s", a, b, x, y),
		"in each other":              one("s", parallel.All("par", a, one("i", parallel.All("inner", b, one("j", parallel.All("most", x, y)))))),
		"two after two":              weir.Then(one("s", parallel.All("par", a, x)), one("r", parallel.All("par", b, y))),
		"one at a time":              parallel.First("s", []parallel.Option{parallel.Width(1)}, a, b, x, y),
		"with a branch that fails":   parallel.Last("s", ignoring(), a, b, breaks[int]("none"), x, y),
		"with one that does nothing": one("s", parallel.All("par", weir.Chain[int]("none"), a, b, x, y)),
	} {
		for _, drop := range []string{"", "all", "cow", "flatten", "typed"} {
			var without []string
			if drop != "" {
				without = []string{drop}
			}
			if got := ends(t, s, 1, without...); got != want {
				t.Errorf("%s, without %q: got %s, want %s", name, drop, got, want)
			}
		}
	}
}
