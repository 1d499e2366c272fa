package state

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzMergeTwin reads bytes as operations on a parent and its branches, does each in the persistent
// mode and in the plain one, and wants the same log of both.
func FuzzMergeTwin(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("fork, set, set, merge: whatever these letters come to"))
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		ops := make([]byte, 150)
		for i := range ops {
			ops[i] = byte(r.Uint32())
		}
		f.Add(ops)
	}
	f.Fuzz(sameInBothModes)
}

func TestBothModesDoTheSame(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		ops := make([]byte, 400)
		for i := range ops {
			ops[i] = byte(r.Uint32())
		}
		sameInBothModes(t, ops)
		if t.Failed() {
			return
		}
	}
}

func sameInBothModes(t *testing.T, ops []byte) {
	cow, plain := play(ops, false), play(ops, true)
	for i := range max(len(cow), len(plain)) {
		if i >= len(cow) || i >= len(plain) || cow[i] != plain[i] {
			t.Fatalf("step %d\ncow:   %s\nplain: %s\nbefore: %s", i, at(cow, i), at(plain, i), strings.Join(cow[max(0, i-8):min(i, len(cow))], "\n        "))
		}
	}
}

func at(log []string, i int) string {
	if i < len(log) {
		return log[i]
	}
	return "(nothing)"
}

// game is a parent with three branches, driven by bytes.
type game struct {
	ops    []byte
	scopes [4]Scope
	marks  [4]Mark
	log    []string
}

// fuzzKeys are the names in play: two with reducers, one private, one declared with a default.
var fuzzKeys = [...]string{"a", "b", "m", "l", "sum", "union", "d", PrivatePrefix + "p"}

var fuzzUnion = NewKey("union", Reduce(Union[[]string]))

func play(ops []byte, plain bool) []string {
	g := game{ops: ops}
	d, err := Declare("d", map[string]any{"a": 0, "l": []any{"-"}})
	sum, err2 := Declare("sum", 0, ReduceBy[any]("sum"))
	if err != nil || err2 != nil {
		panic("declare")
	}
	g.scopes[0].Init(plain, d, sum, fuzzUnion.With([]string{"u"}))
	for i := range g.scopes[1:] {
		g.scopes[0].Fork(&g.scopes[i+1])
	}
	for i := range g.scopes {
		g.marks[i] = g.scopes[i].Mark()
	}
	for len(g.ops) > 0 {
		g.step()
		for i := range g.scopes {
			g.say("%d holds %v, changed %v", i, describe(g.scopes[i].Snapshot()), describeChanges(g.scopes[i].Changes()))
		}
	}
	return g.log
}

func (g *game) say(format string, args ...any) { g.log = append(g.log, fmt.Sprintf(format, args...)) }

// next returns a number below n.
func (g *game) next(n int) int {
	if len(g.ops) == 0 {
		return 0
	}
	b := g.ops[0]
	g.ops = g.ops[1:]
	return int(b) % n
}

func (g *game) step() {
	op, who := g.next(12), g.next(4)
	s := &g.scopes[who]
	name := fuzzKeys[g.next(len(fuzzKeys))]
	switch op {
	case 0, 1, 2:
		err := s.Store(name, g.value(2))
		g.say("%d store %q: %v", who, name, err)
	case 3:
		s.Remove(name)
		g.say("%d remove %q", who, name)
	case 4:
		v, ok := s.Lookup(name) // and edit it in place: nobody else may see that
		switch v := v.(type) {
		case map[string]any:
			if v != nil {
				v["edited"] = true
			}
		case []any:
			if len(v) > 0 {
				v[0] = "edited"
			}
		}
		again, _ := s.Lookup(name)
		g.say("%d lookup %q: %v %v %t", who, name, v, again, ok)
	case 5:
		err := s.StorePath(strings.Join([]string{name, []string{"a", "m", "l"}[g.next(3)]}[:1+g.next(2)], "."), g.value(1))
		g.say("%d store path %q: %v", who, name, err)
	case 6:
		ignored, err := s.Update(map[string]any{name: g.value(2), "unheard": 1}, false)
		g.say("%d update %q: %q %v", who, name, ignored, err)
	case 7:
		g.scopes[0].Fork(&g.scopes[1+who%3])
		g.marks[1+who%3] = g.scopes[1+who%3].Mark()
		g.say("fork %d", 1+who%3)
	case 8:
		err := g.scopes[0].ForkKeys(&g.scopes[1+who%3], []string{name, "d"})
		if err == nil {
			g.marks[1+who%3] = g.scopes[1+who%3].Mark()
		}
		g.say("fork %d with %q: %v", 1+who%3, name, err)
	case 9:
		g.say("%d changed since its mark: %v", who, describeChanges(s.Since(g.marks[who])))
		g.marks[who] = s.Mark()
	case 10:
		s.Rollback(g.marks[who])
		g.say("%d rollback", who)
	case 11:
		g.merge(who)
	}
}

func (g *game) merge(first int) {
	branches := []Branch{}
	for i := range 1 + g.next(3) {
		n := 1 + (first+i)%3
		branches = append(branches, Branch{fmt.Sprint("b", n), g.scopes[n].Changes()})
	}
	opts := []MergeOption{Strategy(g.next(5))}
	switch g.next(6) {
	case 0:
		opts = append(opts, Mapping{"b1": {"a", "m"}, "b2": {"l"}})
	case 1:
		opts = append(opts, Include{"m", "l", "sum"})
	case 2:
		opts = append(opts, MergeFunc(func(target *Scope, branches []Branch) error {
			for _, b := range branches {
				if v, ok := b.Changes.After().Get("a"); ok {
					return target.Store("b", v)
				}
			}
			return nil
		}))
	}
	report, err := Merge(&g.scopes[0], branches, opts...)
	g.say("merge %v of %d: %t %v %v %v %+v", opts[0], len(branches), report.Changed, report.Keys, report.Conflicts, err, report.Account)
}

// value makes a value from the next bytes, at most depth maps deep.
func (g *game) value(depth int) any {
	switch kind := g.next(8); {
	case kind < 2:
		return g.next(3)
	case kind == 2:
		return fmt.Sprint(g.next(3))
	case kind == 3:
		return nil
	case kind == 4:
		return []string{"u", fmt.Sprint(g.next(3))}
	case kind == 5:
		return []any{"-", g.next(3), g.next(2)}[:1+g.next(3)]
	case depth == 0:
		return []any{}
	}
	m := map[string]any{}
	for range 1 + g.next(3) {
		m[[]string{"a", "m", "l"}[g.next(3)]] = g.value(depth - 1)
	}
	return m
}

func describe(s Snapshot) string {
	var b strings.Builder
	for name, v := range s.All() {
		fmt.Fprintf(&b, "%s=%#v ", name, v)
	}
	p, ok := s.View(PrivatePrefix + "p")
	fmt.Fprintf(&b, "private %#v %t", p, ok)
	return b.String()
}

func describeChanges(c Changes) string {
	var b strings.Builder
	for name, change := range c.All() {
		fmt.Fprintf(&b, "%q %#v ", name, change)
	}
	return b.String()
}

// TestPlainForkCopiesEveryValue checks that the twin does what it is for: it copies at the fork.
func TestPlainForkCopiesEveryValue(t *testing.T) {
	t.Parallel()
	s := megabyte(true)
	var branch Scope
	s.Fork(&branch)
	for name, v := range s.Snapshot().All() {
		other, _ := branch.View(name)
		if reflect.ValueOf(v).Pointer() == reflect.ValueOf(other).Pointer() {
			t.Errorf("%s is shared", name)
		}
	}
	if (branch.Changes() != Changes{}) || !slices.Equal(s.Snapshot().Keys(), branch.Snapshot().Keys()) {
		t.Error("a copy is not the same state")
	}
}
