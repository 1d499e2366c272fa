package bench

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// turnstile is what runs wait for that are in flight together: whoever comes lets the one go that has waited longest, and waits. So all but a few
// of those who take part wait at any time, and none for longer than the others take to come.
type turnstile struct {
	line chan *rider
	over atomic.Bool
}

// rider is one who takes part, again and again.
type rider struct {
	turn chan struct{}
	// began, left and called are when its run began, came to the turnstile and was let go, in nanoseconds.
	began, left, called int64
}

func newTurnstile(waiting int) *turnstile { return &turnstile{line: make(chan *rider, waiting)} }

// pass waits until so many have come after r as there is room in the line.
func (t *turnstile) pass(r *rider) {
	r.left = wallTime()
	for !t.over.Load() {
		select {
		case t.line <- r:
			if t.over.Load() {
				t.end() // it may have been over, and nobody else come, before r stood in line
			}
			<-r.turn
			return
		default:
			t.call()
		}
	}
	r.called = wallTime()
}

// call lets the first of the line go.
func (t *turnstile) call() {
	select {
	case first := <-t.line:
		first.called = wallTime()
		first.turn <- struct{}{}
	default:
	}
}

// end lets all go, now and from now on.
func (t *turnstile) end() {
	t.over.Store(true)
	for len(t.line) > 0 {
		t.call()
	}
}

// busy is how many of those in flight do not wait: one for each core. With more, Go lets some that may run wait for others that wake each other.
func busy() int { return runtime.GOMAXPROCS(0) }

// riding is what many made that ran together for a time.
type riding struct {
	// rate is runs in a second of CPU time of every core, which is a second where nobody else uses them; p99 the nanoseconds that of a hundred runs the second slowest took, but for the time in which it waited for its turn.
	rate, p99 float64
}

// samples is how many times are kept: enough for a tail.
const samples = 1 << 18

// ride lets width run for a time and says how they fared. A run calls pass once and gives an error where its answer is not the right one, which ends the
// ride. What happens before every one has come to the turnstile once is not counted.
func ride(ctx context.Context, width int, d time.Duration, run func(index int, pass func()) error) (riding, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t, l := newTurnstile(max(1, width-busy())), &lap{times: make([]int64, samples)}
	var ready atomic.Int64
	var wait sync.WaitGroup
	for i := range width {
		wait.Go(func() {
			me := &rider{turn: make(chan struct{}, 1)}
			pass := func() { t.pass(me) }
			for first := true; !t.over.Load(); first = false {
				me.began = wallTime()
				if err := run(i, pass); err != nil {
					cancel(err)
					return
				}
				if first {
					ready.Add(1)
				}
				l.add(me.left - me.began + wallTime() - me.called)
			}
		})
	}
	for ready.Load() < int64(width) && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	waiting := len(t.line)
	got := l.take(ctx, d)
	t.end()
	wait.Wait()
	switch {
	case ctx.Err() != nil:
		return riding{}, context.Cause(ctx)
	case got.rate == 0 || waiting < width/2:
		return riding{}, errors.New("the runs were not in flight together")
	}
	got.p99 = Summarise(l.sample()).P99
	return got, nil
}

// lap counts the runs that end while it is taken.
type lap struct {
	on    atomic.Bool
	count atomic.Int64
	times []int64
}

// add counts a run that has ended, and took so long.
func (l *lap) add(took int64) {
	if !l.on.Load() {
		return
	}
	if n := l.count.Add(1); n <= int64(len(l.times)) {
		l.times[n-1] = took
	}
}

// take counts for a time, or until the context ends.
func (l *lap) take(ctx context.Context, d time.Duration) riding {
	over := time.NewTimer(d)
	defer over.Stop()
	begun := processTime()
	l.on.Store(true)
	select {
	case <-over.C:
	case <-ctx.Done():
	}
	n, took := l.count.Load(), float64(processTime()-begun)/float64(time.Second)
	l.on.Store(false)
	if took <= 0 {
		return riding{} // the clock of CPU time stood still
	}
	return riding{rate: float64(n) / took * float64(runtime.GOMAXPROCS(0))}
}

// sample gives the times when nobody adds any more.
func (l *lap) sample() []float64 {
	list := make([]float64, min(int(l.count.Load()), len(l.times)))
	for i := range list {
		list[i] = float64(l.times[i])
	}
	return list
}
