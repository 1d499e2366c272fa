package state

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// colliding returns a declaration with a hash of few values, so that nodes are deep and buckets full.
func colliding(i int) *declaration {
	d := anonymous(fmt.Sprint("k", i))
	d.hash = [...]uint64{0, 1, 1 << 63, 1<<63 | 1, 1 << 60, 31, 32, 0}[i%8]
	return d
}

func TestTrieIsAMap(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]func(int) *declaration{
		"spread":    func(i int) *declaration { return anonymous(fmt.Sprint("k", i)) },
		"colliding": colliding,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			var trie table = (*node)(nil)
			want := map[string]*entry{}
			type version struct {
				trie table
				want map[string]*entry
			}
			var old []version
			for step := range 4000 {
				d := key(r.IntN(60))
				if r.IntN(3) == 0 {
					trie = trie.write(d.hash, d.name, nil)
					delete(want, d.name)
				} else {
					e := d.entry(step)
					trie = trie.write(d.hash, d.name, e)
					want[d.name] = e
				}
				if step%100 == 0 {
					old = append(old, version{trie, maps.Clone(want)})
				}
			}
			old = append(old, version{trie, want}, version{(*node)(nil), nil})
			for _, a := range old {
				sameTable(t, a.trie, a.want, key)
				for _, b := range old {
					sameDiff(t, a.trie, b.trie, a.want, b.want)
				}
			}
		})
	}
}

func sameTable(t *testing.T, trie table, want map[string]*entry, key func(int) *declaration) {
	t.Helper()
	count := 0
	for e := range all(trie) {
		count++
		if want[e.key.name] != e {
			t.Fatalf("the trie has %s, the map has not", e.key.name)
		}
	}
	if count != len(want) {
		t.Fatalf("%d entries, want %d", count, len(want))
	}
	for i := range 60 {
		if d := key(i); trie.find(d.hash, d.name) != want[d.name] {
			t.Fatalf("find %s is wrong", d.name)
		}
	}
}

func sameDiff(t *testing.T, base, is table, was, now map[string]*entry) {
	t.Helper()
	seen := map[string]bool{}
	is.diff(base, func(a, b *entry) bool {
		name := either(a, b).key.name
		if seen[name] || a == b || was[name] != a || now[name] != b {
			t.Fatalf("%s: yielded %v and %v, want %v and %v", name, a, b, was[name], now[name])
		}
		seen[name] = true
		return true
	})
	for name := range maps.Keys(was) {
		if was[name] != now[name] && !seen[name] {
			t.Fatalf("%s is not in the difference", name)
		}
	}
	for name := range maps.Keys(now) {
		if was[name] != now[name] && !seen[name] {
			t.Fatalf("%s is not in the difference", name)
		}
	}
}

func TestDroppingEverythingLeavesNothing(t *testing.T) {
	t.Parallel()
	var n *node
	for i := range 40 {
		n = n.put(0, colliding(i).entry(i))
	}
	for i := range 40 {
		d := colliding(i)
		n = n.drop(0, d.hash, d.name)
		if again := n.drop(0, d.hash, d.name); again != n {
			t.Fatal("dropping what is not there makes another trie")
		}
	}
	if n != nil {
		t.Errorf("left: %+v", n)
	}
}

func TestADifferenceMayStopEarly(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		s := filled(t, plain, 100)
		var empty Scope
		empty.Init(plain)
		for _, c := range []Changes{{base: empty.now.Load(), next: s.now.Load()}, {base: s.now.Load(), next: empty.now.Load()}} {
			calls := 0
			c.next.table().diff(c.base.table(), func(_, _ *entry) bool { calls++; return false })
			if calls != 1 {
				t.Errorf("%d calls after the first said stop", calls)
			}
		}
	}
}
