package plan

import "testing"

func TestAKeyTellsRoundsAndAttemptsApart(t *testing.T) {
	t.Parallel()
	draft := &Site{Index: 0, Segment: "draft", Path: "draft"}
	polish := &Site{Index: 1, Parent: draft, Segment: "polish", Path: "draft/polish", Indexed: true}
	score := &Site{Index: 2, Parent: polish, Segment: "score~2", Path: "draft/polish/score~2"}
	attempts := map[int]int{0: 3, 1: 2}
	tried := func(site int) int { return max(1, attempts[site]) }
	if got, want := score.Key([]int32{4}, tried), "draft~3/polish~2[4]/score~~2"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	if got, want := score.Render([]int32{4}), "draft/polish[4]/score~2"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	if got, want := polish.Key(nil, tried), "draft~3/polish~2"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	once := func(int) int { return 1 }
	if got, want := polish.Key(nil, once), "draft/polish"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	if got, want := score.Key([]int32{-1}, once), "draft/polish/score~~2"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	silent := &Site{Index: 1, Parent: draft, Path: "draft"}
	if got, want := (&Site{Index: 2, Parent: silent, Segment: "score", Path: "draft/score"}).Key(nil, once), "draft//score"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
}

func TestAllocOfAPathIsItsTextAtMost(t *testing.T) {
	deep := &Site{Segment: "draft", Path: "draft", Indexed: true}
	for range 10 {
		deep = &Site{Parent: deep, Segment: "polish", Path: deep.Path + "/polish", Indexed: len(deep.Path)%2 == 0}
	}
	flat := &Site{Parent: &Site{Segment: "a", Path: "a"}, Segment: "b", Path: "a/b"}
	first, third := func(int) int { return 1 }, func(int) int { return 3 }
	rounds, none := []int32{1234, 5678, 91011, 7, 7, 7, 7, 7}, []int32{-1, -1, -1, -1, -1, -1, -1, -1}
	for _, c := range []struct {
		name string
		make func() string
		want float64
	}{
		{"path with rounds", func() string { return deep.Render(rounds) }, 1},
		{"path with rounds that are not known", func() string { return deep.Render(none) }, 0},
		{"path without rounds", func() string { return flat.Render(rounds) }, 0},
		{"key with rounds and attempts", func() string { return deep.Key(rounds, third) }, 1},
		{"key of a first attempt", func() string { return flat.Key(rounds, first) }, 0},
	} {
		if got := testing.AllocsPerRun(100, func() { c.make() }); got != c.want {
			t.Errorf("%s, %s: %v allocations, want %v", c.name, c.make(), got, c.want)
		}
	}
}
