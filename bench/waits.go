package bench

import (
	"bytes"
	"cmp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Waits are those of one of Go's profiles, by the functions that waited. All times are in nanoseconds, and of all goroutines together.
type Waits struct {
	// All is what was waited in all.
	All float64 `json:"all_ns"`
	// Weir are the waits in weir's own code, the longest first.
	Weir []Wait `json:"weir"`
	// Load are those of what makes the load and measures, Rest what others wait, such as Go's own library.
	Load []Wait  `json:"load,omitempty"`
	Rest float64 `json:"rest_ns"`
}

// Wait is what one function waited.
type Wait struct {
	Function string `json:"function"`
	// Lock says that it was for a mutex, else for a channel or the like.
	Lock bool    `json:"lock"`
	Ns   float64 `json:"ns"`
	// Share is its part of all waits but those of the load.
	Share float64 `json:"share"`
}

// Own is what was waited in weir's own code.
func (w *Waits) Own() (sum float64) {
	for _, x := range w.Weir {
		sum += x.Ns
	}
	return sum
}

// Counted is what was waited but for the load itself.
func (w *Waits) Counted() float64 { return w.Own() + w.Rest }

// stack is where something waited.
type stack [32]uintptr

// recorded is a profile until now, in cycles by stack.
type recorded map[stack]int64

// record reads a whole profile, which may grow meanwhile.
func record(read func([]runtime.BlockProfileRecord) (int, bool)) recorded {
	for n, _ := read(nil); ; n *= 2 {
		list := make([]runtime.BlockProfileRecord, n+50)
		n, ok := read(list)
		if !ok {
			continue
		}
		m := recorded{}
		for _, r := range list[:n] {
			m[r.Stack0] += r.Cycles
		}
		return m
	}
}

// since sums up what a profile has more than it had.
func (m recorded) since(before recorded, tick float64) Waits {
	var w Waits
	type place struct {
		function string
		lock     bool
	}
	weir, load := map[place]float64{}, map[place]float64{}
	for at, cycles := range m {
		ns := float64(cycles-before[at]) * tick
		if ns <= 0 {
			continue
		}
		w.All += ns
		switch function, lock := waiter(at[:]); {
		case function == "":
			w.Rest += ns
		case ofWeir(function):
			weir[place{strings.TrimPrefix(strings.TrimPrefix(function, module), "/"), lock}] += ns
		default:
			load[place{function, lock}] += ns
		}
	}
	for p, ns := range weir {
		w.Weir = append(w.Weir, Wait{Function: p.function, Lock: p.lock, Ns: ns})
	}
	for p, ns := range load {
		w.Load = append(w.Load, Wait{Function: p.function, Lock: p.lock, Ns: ns})
	}
	counted := w.Counted()
	for i := range w.Weir {
		w.Weir[i].Share = w.Weir[i].Ns / counted
	}
	longest := func(a, b Wait) int { return cmp.Or(cmp.Compare(b.Ns, a.Ns), cmp.Compare(a.Function, b.Function)) }
	slices.SortFunc(w.Weir, longest)
	slices.SortFunc(w.Load, longest)
	return w
}

// module is weir's own name.
const module = "github.com/weirflow/weir"

// waiter is the function of weir, or of what makes the load, that waited; "" for one of others. Locks inside of Go's runtime (its heap,
// its scheduler) and of its pools, taken anew after each collection, are nobody's: who meets them has only allocated.
func waiter(pcs []uintptr) (function string, lock bool) {
	if end := slices.Index(pcs, 0); end >= 0 {
		pcs = pcs[:end]
	}
	frames := runtime.CallersFrames(pcs)
	for first := true; ; first = false {
		f, more := frames.Next()
		name := f.Function
		switch {
		case first && (strings.HasPrefix(name, "runtime.unlock") || strings.HasPrefix(name, "runtime._Lost")), strings.HasPrefix(name, "sync.(*Pool)."):
			return "", false
		case strings.HasPrefix(name, "sync.(*Mutex)."), strings.HasPrefix(name, "sync.(*RWMutex)."), strings.HasPrefix(name, "internal/sync.(*Mutex)."):
			lock = true
		case strings.HasPrefix(name, "runtime."), strings.HasPrefix(name, "sync."), strings.HasPrefix(name, "internal/"):
		case name == module || strings.HasPrefix(name, module+".") || strings.HasPrefix(name, module+"/"), strings.HasPrefix(name, "main."):
			return name, lock
		default:
			return "", false
		}
		if !more {
			return "", false
		}
	}
}

// ofWeir says that a function is one of the executor: not of the command, nor of what measures.
func ofWeir(name string) bool {
	short, ok := strings.CutPrefix(name, module)
	folder, _, _ := strings.Cut(strings.TrimPrefix(short, "/"), ".") // of the package; empty: weir itself
	return ok && short != "" && (folder == "" || short[0] == '/') && !strings.HasPrefix(folder, "cmd/") && folder != "bench" && !strings.HasPrefix(folder, "bench/")
}

// tickTime is the time of one of the ticks that profiles count in. Only their text tells it.
func tickTime() float64 {
	var b bytes.Buffer
	_ = pprof.Lookup("mutex").WriteTo(&b, 1) // a buffer takes everything
	for line := range strings.Lines(b.String()) {
		if text, ok := strings.CutPrefix(line, "cycles/second="); ok {
			if perSecond, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && perSecond > 0 {
				return float64(time.Second) / perSecond
			}
		}
	}
	return 1
}
