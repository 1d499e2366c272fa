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
