package bench

import (
	"runtime"
	"time"
)

// begun is when the process's clock of this package started.
var begun = time.Now()

// wallTime is time on the clock, in nanoseconds, that never goes back.
func wallTime() int64 { return int64(time.Since(begun)) }

// reading is what the process has used until a moment.
type reading struct{ cpu, wall, allocs, bytes, cycles float64 }

// start takes a reading before work, end after it: the memory is read outside of the time. ReadMemStats stops the world for some 20 µs and
// counts exactly; package runtime/metrics is cheaper and is behind by what the cores have not handed over yet.
func start() reading {
	r := memory()
	r.wall, r.cpu = float64(wallTime()), float64(processTime())
	return r
}

func end() reading {
	cpu, wall := float64(processTime()), float64(wallTime())
	r := memory()
	r.cpu, r.wall = cpu, wall
	return r
}

func memory() reading {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return reading{allocs: float64(m.Mallocs), bytes: float64(m.TotalAlloc), cycles: float64(m.NumGC)}
}

// since is what was used since an earlier reading, for each of n operations.
func (r reading) since(q reading, n int) reading {
	f := float64(n)
	return reading{
		cpu: (r.cpu - q.cpu) / f, wall: (r.wall - q.wall) / f, allocs: (r.allocs - q.allocs) / f,
		bytes: (r.bytes - q.bytes) / f, cycles: (r.cycles - q.cycles) / f,
	}
}

// inUse is the memory of heap and stacks after a collection, in bytes.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
