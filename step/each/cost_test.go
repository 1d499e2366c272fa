package each_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/each"
)

// held is the live heap after a collection, in bytes.
func held() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// beyond runs a map over n trivial items and gives the most heap it held, at five moments of the run, beyond what was held
// before and its output.
func beyond(t *testing.T, n, width int) int64 {
	t.Helper()
	var seen atomic.Int64
	var most int64
	var calm sync.RWMutex // nobody else allocates while one measures
	body := weir.Func("line", func(_ context.Context, v int) (int, error) {
		if i := seen.Add(1); i%int64(n/5) == 0 {
			calm.Lock()
			defer calm.Unlock()
			most = max(most, held())
			return v + 1, nil
		}
		calm.RLock()
		defer calm.RUnlock()
		return v + 1, nil
	})
	p, err := weir.Compile(each.Item("m", body, each.Width(width)), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]int, n)
	for i := range in {
		in[i] = i + 1000
	}
	before := held()
	out, err := p.Run(t.Context(), in)
	if err != nil || len(out) != n || out[n-1] != n+1000 {
		t.Fatalf("%d outputs, %v", len(out), err)
	}
	runtime.KeepAlive(in)
	return most - before - int64(8*len(out))
}

// Not parallel: the heap is that of the whole process. What is measured is live memory: garbage is the collector's to hold,
// and how much of it there is depends on GOGC.
func TestAMillionItemsNeedNoMoreMemoryThanTenThousand(t *testing.T) {
	const limit = 8 << 20
	for _, width := range []int{1, 8} {
		for _, n := range []int{10_000, 1_000_000} {
			most := beyond(t, n, width)
			t.Logf("%d items, %d at a time: %d bytes beyond input and output", n, width, most)
			if most > limit {
				t.Errorf("%d items, %d at a time, hold %d bytes beyond input and output; want at most %d", n, width, most, limit)
			}
		}
	}
}

func BenchmarkMap(b *testing.B) {
	in := make([]int, 1000)
	for i := range in {
		in[i] = i + 1000
	}
	for name, width := range map[string]int{"width1": 1, "width8": 8} {
		b.Run(name, func(b *testing.B) {
			p, err := weir.Compile(each.Item("m", weir.Func("line", tenfold), each.Width(width)), nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(in)), "ns/item")
		})
	}
}
