package pool_test

import (
	"sync"
	"testing"

	"github.com/weirflow/weir/pool"
)

// Not parallel: testing.AllocsPerRun counts the whole process.
func TestGetAndPutAllocNothing(t *testing.T) {
	p := pool.New(pool.Config[thing]{Reset: reuse})
	if debugging {
		t.Skip("built with -tags weirdebug")
	}
	if n := testing.AllocsPerRun(1000, func() { p.Put(p.Get()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// buffer is an object of some size.
type buffer struct{ bytes [2048]byte }

// BenchmarkGetPut takes an object and gives it back, by three ways: one anew each time, sync.Pool and Pool; alone and on all cores.
func BenchmarkGetPut(b *testing.B) {
	var shared sync.Pool
	ours := pool.New(pool.Config[buffer]{Reset: func(*buffer) {}})
	for _, way := range []struct {
		name string
		work func(use func(*buffer))
	}{
		{"fresh", func(use func(*buffer)) { use(new(buffer)) }},
		{"sync", func(use func(*buffer)) {
			v, _ := shared.Get().(*buffer)
			if v == nil {
				v = new(buffer)
			}
			use(v)
			shared.Put(v)
		}},
		{"pool", func(use func(*buffer)) {
			v := ours.Get()
			use(v)
			ours.Put(v)
		}},
	} {
		use := func(v *buffer) { v.bytes[7]++ }
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				way.work(use)
			}
		})
		b.Run(way.name+"/all cores", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					way.work(use)
				}
			})
		})
	}
}
