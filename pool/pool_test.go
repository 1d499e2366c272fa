package pool_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir/pool"
)

// thing is what the tests pool.
type thing struct {
	n    int
	text string
	next *thing
	list []int
	held bool
}

// reuse keeps the memory of the list.
func reuse(v *thing) { *v = thing{list: v.list[:0]} }

func TestB153AFullPoolDropsAndWhatItGivesIsReset(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{Max: 2})
	all := []*thing{p.Get(), p.Get(), p.Get()}
	for i, v := range all {
		*v = thing{n: i + 1, text: "used", next: v, list: []int{1}, held: true}
		p.Put(v)
	}
	want := pool.Stats{Gets: 3, Puts: 3, Misses: 3, Created: 3, Current: 2, Max: 2, Overflow: 1}
	if got := p.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for range 2 {
		v := p.Get()
		if v.n != 0 || v.text != "" || v.next != nil || v.list != nil || v.held {
			t.Errorf("got %+v, which is not reset", *v)
		}
		if !slices.Contains(all, v) {
			t.Error("it was not used before")
		}
	}
	if s := p.Stats(); s.Hits != 2 || s.Current != 0 || s.HitRate() != 0.4 {
		t.Errorf("afterwards %+v, hit rate %v", s, s.HitRate())
	}
}

func TestB163ASizeBelowOneIsRefusedAndTheOldOneKept(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{Max: 2})
	for _, n := range []int{-1, 0} {
		if err := p.SetMax(n); err == nil || !strings.Contains(err.Error(), "still keeps up to 2") {
			t.Errorf("%d: error %v", n, err)
		}
	}
	if got := p.Stats().Max; got != 2 {
		t.Errorf("the pool keeps %d", got)
	}
}

func TestASmallerSizeDropsAndALargerOneKeepsMore(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{})
	if got := p.Stats().Max; got != pool.DefaultMax {
		t.Errorf("by default %d are kept", got)
	}
	put(p, 10)
	if err := p.SetMax(3); err != nil {
		t.Fatal(err)
	}
	s := p.Stats()
	if s.Max != 3 || s.Current > 3 || s.Current+int(s.Trimmed) != 10 {
		t.Errorf("made smaller: %+v", s)
	}
	if err := p.SetMax(12); err != nil {
		t.Fatal(err)
	}
	put(p, 20)
	if s := p.Stats(); s.Current != 12 {
		t.Errorf("made larger: %+v", s)
	}
}

// put puts n new things to a pool.
func put(p *pool.Pool[thing], n int) {
	for range n {
		p.Put(new(thing))
	}
}

func TestAPoolOfNegativeSizeKeepsNothing(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{Max: -1, New: func() *thing { return &thing{n: 7} }})
	put(p, 3)
	if v := p.Get(); v.n != 7 {
		t.Errorf("got %+v", *v)
	}
	if s := p.Stats(); s != (pool.Stats{}) {
		t.Errorf("counted %+v", s)
	}
	if p.SetMax(5) == nil || p.Trim() != 0 {
		t.Error("it can be switched on")
	}
}

func TestResetKeepsMemoryAndAnObjectThatItDoesNotCleanIsDropped(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{
		Reset: func(v *thing) {
			if v.text == "broken" {
				panic("cannot be reset")
			}
			*v = thing{list: v.list[:0], held: v.held} // forgets held
		},
		Clean: func(v *thing) bool { return !v.held && cap(v.list) <= 100 },
	})
	p.Put(&thing{text: "broken"})
	p.Put(&thing{held: true})
	p.Put(&thing{list: make([]int, 101)})
	if s := p.Stats(); s.Dirty != 3 || s.Puts != 3 || s.Current != 0 {
		t.Errorf("three dirty ones: %+v", s)
	}
	p.Put(&thing{n: 3, list: make([]int, 50, 100)})
	if v := p.Get(); v.n != 0 || len(v.list) != 0 || cap(v.list) != 100 {
		t.Errorf("got %+v", *v)
	}
	p.Put(nil)
	if s := p.Stats(); s.Puts != 4 {
		t.Errorf("nil was counted: %+v", s)
	}
}

func TestTrimKeepsAsManyAsWereInUseAtOnce(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{})
	put(p, 10)
	p.Trim() // a new count begins
	for range 50 {
		a, b, c := p.Get(), p.Get(), p.Get()
		p.Put(a)
		p.Put(b)
		p.Put(c)
	}
	p.Trim()
	if s := p.Stats(); s.Current < 3 || s.Current+int(s.Trimmed) != 10 {
		t.Errorf("three are in use at once: %+v", s)
	}
	put(p, 900)
	for range 200_000 {
		p.Put(p.Get())
	}
	if s := p.Stats(); s.Current > 100 {
		t.Errorf("a pool whose use has fallen to one still holds %d", s.Current)
	}
}

func TestAnObjectBelongsToOneGoroutineAtATime(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{Max: 64, Reset: reuse})
	const workers, rounds = 8, 2000
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range rounds {
				v := p.Get()
				if v.held || v.n != 0 || len(v.list) != 0 {
					t.Errorf("got %+v", *v)
				}
				v.held, v.n, v.list = true, w+1, append(v.list, w, i)
				if i%16 == 0 {
					runtime.Gosched()
				}
				if v.n != w+1 || len(v.list) != 2 || v.list[0] != w || v.list[1] != i {
					t.Errorf("somebody else has it: %+v", *v)
				}
				p.Put(v)
				if i%500 == 0 {
					if err := p.SetMax(1 + i/20); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	s := p.Stats()
	if s.Gets != workers*rounds || s.Puts != s.Gets || s.Gets != s.Hits+s.Misses {
		t.Errorf("the figures do not add up: %+v", s)
	}
	if free := s.Puts - s.Overflow - s.Dirty - s.Hits - s.Trimmed; int64(s.Current) != free {
		t.Errorf("%d are free, by the figures %d: %+v", s.Current, free, s)
	}
	if s.Created > 64*workers {
		t.Errorf("%d were made", s.Created)
	}
}

func TestTheHitRateBeforeTheFirstGetIsZero(t *testing.T) {
	t.Parallel()
	if r := (pool.Stats{}).HitRate(); r != 0 {
		t.Errorf("got %v", r)
	}
}
