package each_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/each"
)

// held is the live heap after a collection, in bytes.
func held() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// beyond runs a map over n items, whose body it gives, and tells the most heap that was held, at five moments of the run,
// beyond what was held before and the output.
func beyond[O any](t *testing.T, n int, made func(body weir.Step[int, O]) weir.Step[[]int, []O]) int64 {
	t.Helper()
	var seen atomic.Int64
	var most int64
	var calm sync.RWMutex // nobody else allocates while one measures
	body := weir.Func("line", func(_ context.Context, v int) (out O, err error) {
		if i := seen.Add(1); i%int64(n/5) == 0 {
			calm.Lock()
			defer calm.Unlock()
			most = max(most, held())
			return out, nil
		}
		calm.RLock()
		defer calm.RUnlock()
		return out, nil
	})
	p, err := weir.Compile(made(body), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]int, n)
	for i := range in {
		in[i] = i + 1000
	}
	before := held()
	out, err := p.Run(t.Context(), in)
	if err != nil || len(out) != n {
		t.Fatalf("%d outputs, %v", len(out), err)
	}
	runtime.KeepAlive(in)
	return most - before - int64(n)*int64(unsafe.Sizeof(*new(O)))
}

// Not parallel: the heap is that of the whole process. Under the race detector, which makes a million items take ten seconds,
// it is a hundred thousand. What is measured is live memory: garbage is the collector's to hold, and how much of it there is
// depends on GOGC.
func TestAMillionItemsNeedNoMoreMemoryThanTenThousand(t *testing.T) {
	const limit = 8 << 20
	million := 1_000_000
	if raced {
		million /= 10
	}
	for _, n := range []int{10_000, million} {
		for _, width := range []int{1, 8} {
			most := beyond(t, n, func(body weir.Step[int, int]) weir.Step[[]int, []int] {
				return each.Item("m", body, each.Width(width))
			})
			t.Logf("%d items, %d at a time: %d bytes beyond input and output", n, width, most)
			if most > limit {
				t.Errorf("%d items, %d at a time, hold %d bytes beyond input and output; want at most %d", n, width, most, limit)
			}
		}
		most := beyond(t, n, func(body weir.Step[int, any]) weir.Step[[]int, []any] {
			s := each.Spec{ShowItem: true, Body: spec.Step{Step: body.Written()}}
			return weir.Of[[]int, []any](yaml(t, s).Written())
		})
		if most > limit {
			t.Errorf("%d items that are shown hold %d bytes beyond input and output; want at most %d", n, most, limit)
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
