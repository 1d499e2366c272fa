package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// loadWaits is what the goroutines of a load waited for.
type loadWaits struct {
	runs         int
	took         time.Duration
	cores        int
	mutex, block waited
}

// waited is the time of one kind of wait: of all, and of those in weir's own code by function.
type waited struct {
	all  time.Duration
	weir map[string]time.Duration
}

// gatherWaits reads the profiles of locks and of blocking.
func gatherWaits(runs int, took time.Duration, cores int) *loadWaits {
	tick := tickTime()
	return &loadWaits{runs, took, cores, sumWaits(records(runtime.MutexProfile), tick), sumWaits(records(runtime.BlockProfile), tick)}
}

// records reads a whole profile, which may grow meanwhile.
func records(read func([]runtime.BlockProfileRecord) (int, bool)) []runtime.BlockProfileRecord {
	for n, _ := read(nil); ; n *= 2 {
		list := make([]runtime.BlockProfileRecord, n+50)
		if n, ok := read(list); ok {
			return list[:n]
		}
	}
}

// tickTime is the time of one of the ticks that profiles count in. Only their text tells it.
func tickTime() float64 {
	var b bytes.Buffer
	pprof.Lookup("mutex").WriteTo(&b, 1)
	for line := range strings.Lines(b.String()) {
		if text, ok := strings.CutPrefix(line, "cycles/second="); ok {
			if perSecond, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && perSecond > 0 {
				return float64(time.Second) / perSecond
			}
		}
	}
	return 1
}

func sumWaits(list []runtime.BlockProfileRecord, tick float64) waited {
	w := waited{weir: map[string]time.Duration{}}
	for _, r := range list {
		d := time.Duration(float64(r.Cycles) * tick)
		w.all += d
		if f := waiter(r.Stack()); f != "" {
			w.weir[f] += d
		}
	}
	return w
}

// waiter is the function of weir that waited, "" for one of others. Locks inside of Go's runtime (its heap, its scheduler) are nobody's:
// who meets them has only allocated.
func waiter(stack []uintptr) string {
	frames := runtime.CallersFrames(stack)
	for first := true; ; first = false {
		f, more := frames.Next()
		name := f.Function
		switch {
		case first && (strings.HasPrefix(name, "runtime.unlock") || strings.HasPrefix(name, "runtime._Lost")):
			return ""
		case strings.HasPrefix(name, "runtime."), strings.HasPrefix(name, "sync."), strings.HasPrefix(name, "internal/"):
		case ofWeir(name):
			return strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
		default:
			return ""
		}
		if !more {
			return ""
		}
	}
}

// ofWeir says that a function is one of the executor: not of this command, nor of what measures.
func ofWeir(name string) bool {
	short, ok := strings.CutPrefix(name, module)
	folder, _, _ := strings.Cut(strings.TrimPrefix(short, "/"), ".") // of the package; empty: weir itself
	return ok && (folder == "" || short[0] == '/') && !strings.HasPrefix(folder, "cmd/") && folder != "bench" && !strings.HasPrefix(folder, "bench/")
}

// write says how much was waited, and how much of it for weir.
func (w *loadWaits) write(p *page) {
	p.line()
	p.line(p.paint(bold, "Waiting under a concurrent load"))
	p.text(2, "", 0, fmt.Sprintf("%s in %s on %s, each wait recorded.", plural(w.runs, "run"), short(w.took), plural(w.cores, "core")))
	t := &table{head: []string{"waits", "in all", "of the time", "in weir's own code", ""}, left: map[int]bool{4: true}}
	available := w.took * time.Duration(w.cores)
	for _, k := range []struct {
		name string
		waited
	}{{"for a mutex", w.mutex}, {"blocked", w.block}} {
		own := k.own()
		row := plainCells(k.name, nanoseconds(float64(k.all)), percentOf(k.all, available), nanoseconds(float64(own)), percentOf(own, k.all)+" of these waits")
		t.rows = append(t.rows, row)
	}
	t.write(p, 2)
	for _, k := range []struct {
		name string
		waited
	}{{"mutex", w.mutex}, {"blocked", w.block}} {
		for _, name := range k.longest(3) {
			p.text(2, k.name, 9, name+": "+nanoseconds(float64(k.weir[name])))
		}
	}
}

func (w waited) own() (sum time.Duration) {
	for _, d := range w.weir {
		sum += d
	}
	return sum
}

// longest names the functions of weir that waited longest.
func (w waited) longest(n int) []string {
	names := slices.SortedFunc(maps.Keys(w.weir), func(a, b string) int { return cmp.Or(cmp.Compare(w.weir[b], w.weir[a]), cmp.Compare(a, b)) })
	return names[:min(n, len(names))]
}

func percentOf(part, whole time.Duration) string {
	if whole <= 0 {
		return "0 %"
	}
	return digits(100*float64(part)/float64(whole)) + " %"
}
