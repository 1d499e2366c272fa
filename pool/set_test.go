package pool_test

import (
	"testing"

	"github.com/weirflow/weir/pool"
)

type (
	one   struct{ n int }
	other [2]int
)

func TestASetHasOnePoolForEachTypeAndBoundsThemAlike(t *testing.T) {
	t.Parallel()
	s := &pool.Set{Max: 2}
	ones := pool.Of(s, pool.Config[one]{New: func() *one { return &one{n: 7} }, Max: 50})
	if ones != pool.Of(s, pool.Config[one]{}) {
		t.Error("a type has two pools")
	}
	others := pool.Of[other](s, pool.Config[other]{})
	if got := ones.Get().n; got != 7 {
		t.Errorf("made %d", got)
	}
	for range 5 {
		ones.Put(&one{})
	}
	others.Put(others.Get())
	stats := s.Stats()
	if got := stats["pool_test.one"]; got.Max != 2 || got.Current != 2 || got.Overflow != 3 || got.Created != 1 {
		t.Errorf("%+v", got)
	}
	if got := stats["pool_test.other"]; len(stats) != 2 || got.Max != 2 || got.Puts != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestB163ASetRefusesABoundBelowOneAndKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	var s, none pool.Set
	none.Max = -1
	ones := pool.Of[one](&s, pool.Config[one]{})
	if err := s.SetMax(0); err == nil || ones.Stats().Max != pool.DefaultMax {
		t.Errorf("%v, %+v", err, ones.Stats())
	}
	if err := s.SetMax(3); err != nil || ones.Stats().Max != 3 || pool.Of[other](&s, pool.Config[other]{}).Stats().Max != 3 {
		t.Errorf("%v, %+v", err, s.Stats())
	}
	if err := none.SetMax(3); err == nil {
		t.Error("a set that keeps nothing is given a bound")
	}
	if p := pool.Of[one](&none, pool.Config[one]{}); p.Get() == nil || p.Stats().Gets != 0 {
		t.Errorf("%+v", p.Stats())
	}
}

func TestASetTrimsAllItsPools(t *testing.T) {
	t.Parallel()
	var s pool.Set
	pool.Of[one](&s, pool.Config[one]{}).Put(&one{})
	pool.Of[other](&s, pool.Config[other]{}).Put(&other{})
	if n := s.Trim() + s.Trim() + s.Trim(); n != 2 || s.Stats()["pool_test.one"].Current != 0 {
		t.Errorf("dropped %d: %+v", n, s.Stats())
	}
}
