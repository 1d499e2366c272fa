package weir_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

// reluctant is a Queue that always has its takers wait, wakes them more often than it should, and gives the permit at the last time.
type reluctant struct {
	limit.Limiter
	mu   sync.Mutex
	left int // places that were left
	seed *rand.Rand
}

func (q *reluctant) Enter(w plan.Waker) limit.Place {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := &reluctantPlace{from: q, wakes: 1 + q.seed.IntN(3), w: w}
	if q.seed.IntN(4) == 0 {
		w.Wake() // before the run has left
	}
	go p.wake()
	return p
}

type reluctantPlace struct {
	from  *reluctant
	w     plan.Waker
	wakes int
	asked int
}

func (p *reluctantPlace) wake() {
	p.w.Wake()
	p.w.Wake()
}

func (p *reluctantPlace) Taken() bool {
	if p.asked++; p.asked <= p.wakes { // the first time is before it leaves
		go p.wake()
		return false
	}
	return true
}

func (p *reluctantPlace) Leave() {
	p.from.mu.Lock()
	defer p.from.mu.Unlock()
	p.from.left++
}

var steps = state.NewKey[int]("steps")

// pipelines makes random pipelines in which runs wait.
type pipelines struct {
	r *rand.Rand
	n int
	q *reluctant
}

func (m *pipelines) name(kind string) string {
	m.n++
	return fmt.Sprint(kind, m.n)
}

// leaf fails sometimes, and the same way whenever it is run on the same state.
func (m *pipelines) leaf() weir.Step[int, int] {
	name := m.name("leaf")
	s := weir.Func(name, func(ctx context.Context, in int) (int, error) {
		steps.Update(ctx, func(n int) int { return n + 1 })
		_ = usage.Report(ctx, usage.Usage{Requests: 1})
		h := fnv.New32a()
		fmt.Fprint(h, name, in, steps.Get(ctx))
		if h.Sum32()%9 == 0 {
			return 0, errors.New("no luck at " + name)
		}
		return in + int(h.Sum32()%100), nil
	})
	switch m.r.IntN(5) {
	case 0:
		return s
	case 1:
		return s.With(retry.UpTo(2), limit.By(m.q))
	case 2:
		return s.With(limit.By(m.q), retry.UpTo(2))
	case 3:
		return s.With(limit.By(m.q), limit.By(m.q))
	}
	return s.With(limit.By(m.q))
}

func (m *pipelines) step(depth int) weir.Step[int, int] {
	if depth == 0 {
		return m.leaf()
	}
	switch m.r.IntN(7) {
	case 0:
		return m.leaf()
	case 1, 2:
		return weir.Chain(m.name("seq"), m.step(depth-1), m.step(depth-1), m.step(depth-1))
	case 3:
		return weir.Chain(m.name("tried"), m.step(depth-1), m.step(depth-1)).With(retry.UpTo(3))
	case 4:
		return loop.Times(m.name("times"), 1+m.r.IntN(3), m.step(depth-1), loop.Delay(time.Duration(m.r.IntN(2))*5*time.Millisecond))
	case 5:
		return loop.Refine(m.name("refine"), 3, weir.Then(
			weir.Func(m.name("in"), func(_ context.Context, r loop.Round[int, int]) (int, error) { return r.Input + r.Previous, nil }), m.step(depth-1)),
			weir.Then(m.step(depth-1), weir.Func(m.name("judge"), func(_ context.Context, n int) (loop.Verdict, error) {
				return loop.Verdict{Done: n%2 == 0, Feedback: fmt.Sprint("odd ", n)}, nil
			})))
	}
	return loop.Until(m.name("until"), 3, func(n int) bool { return n%3 == 0 }, m.step(depth-1), loop.ContinueOnFailure())
}

func TestARunComesToTheSameWhereverItLeavesItsGoroutine(t *testing.T) {
	t.Parallel()
	rounds := 40
	if os.Getenv("LONG") != "" {
		rounds = 2000
	}
	for seed := range uint64(rounds) {
		create := func() (weir.Step[int, int], *weir.Config) {
			r := rand.New(rand.NewPCG(seed, 1))
			m := &pipelines{r: r, q: &reluctant{Limiter: limit.New(1000), seed: rand.New(rand.NewPCG(seed, 2))}}
			c := &weir.Config{}
			if seed%3 == 0 {
				c.Journal = journal.NewMemory()
			}
			return weir.Chain("all", m.step(3), m.step(2)), c
		}
		s, c := create()
		waited := weirtest.Outcome(t, s, c, 1)
		s, c = create()
		left := weirtest.OutcomeStarted(t, s, c, 1)
		if waited != left {
			t.Fatalf("seed %d: a run that leaves its goroutine comes to\n%s\nand one that does not to\n%s", seed, left, waited)
		}
	}
}

// occupied is a limit of one permit, which is taken.
func occupied(t *testing.T) *limit.Limit {
	t.Helper()
	l := limit.New(1)
	if err := l.Acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func same(_ context.Context, n int) (int, error) { return n, nil }

func TestARunBehindALimitIsWokenInItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := occupied(t)
		var order []int
		p := compiled(t, weir.Then(weir.Func("first", same), weir.Func("work", func(_ context.Context, n int) (int, error) {
			order = append(order, n)
			return n + 100, nil
		}).With(limit.By(l))), nil)
		var runs []*weir.Run[int]
		for i := range 3 {
			r, err := p.Start(t.Context(), i)
			runs = append(runs, begun(t, r, err))
			synctest.Wait()
			if r.Status() != weir.Running {
				t.Errorf("status %v while it waits", r.Status())
			}
		}
		waits := make(chan error, 1)
		go func() { waits <- l.Acquire(t.Context()) }() // a goroutine waits in the same queue
		synctest.Wait()
		late, err := p.Start(t.Context(), 3)
		begun(t, late, err)
		synctest.Wait()
		l.Release()
		synctest.Wait()
		if fmt.Sprint(order) != "[0 1 2]" || len(waits) != 1 || late.Status() != weir.Running {
			t.Errorf("order %v, %d goroutines served, the last %v", order, len(waits), late.Status())
		}
		l.Release()
		for i, r := range append(runs, late) {
			res, err := r.Wait(t.Context())
			if err != nil || res.Output != i+100 || res.Metrics.Executions != 2 {
				t.Errorf("run %d: %v, %v, %d executions", i, res.Output, err, res.Metrics.Executions)
			}
		}
	})
}

func TestARunThatLeftItsGoroutineEndsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	why := errors.New("enough")
	for name, end := range map[string]func(r *weir.Run[int], cancel context.CancelCauseFunc){
		"by its handle":  func(r *weir.Run[int], _ context.CancelCauseFunc) { r.Cancel(why) },
		"by its context": func(_ *weir.Run[int], cancel context.CancelCauseFunc) { cancel(why) },
	} {
		for _, kept := range []journal.Store{nil, journal.NewMemory()} {
			t.Run(fmt.Sprint(name, kept != nil), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					l := occupied(t)
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					p := compiled(t, weir.Then(weir.Func("first", same), weir.Func("work", same).With(limit.By(l))), &weir.Config{Journal: kept})
					r, err := p.Start(ctx, 1, weir.ID("a"))
					begun(t, r, err)
					other, err := p.Start(t.Context(), 2, weir.ID("b"))
					begun(t, other, err)
					synctest.Wait()
					end(r, cancel)
					res, err := r.Wait(t.Context())
					if !errors.Is(err, weir.ErrCanceled) || !errors.Is(err, why) || res.Status != weir.Canceled {
						t.Errorf("%v, %v", res.Status, err)
					}
					if s, _ := res.Step("work"); s.Count() != 1 || s.Status() != weir.Canceled {
						t.Errorf("the step that waited: %d times, %v", s.Count(), s.Status())
					}
					l.Release()
					if res, err := other.Wait(t.Context()); err != nil || res.Output != 2 {
						t.Errorf("the next in the queue: %v, %v", res.Output, err)
					}
					if kept == nil {
						return
					}
					again, err := p.Resume(t.Context(), "a")
					if res, err := begun(t, again, err).Wait(t.Context()); err != nil || res.Output != 1 {
						t.Errorf("resumed: %v, %v", res.Output, err)
					}
				})
			})
		}
	}
}

func TestARunThatLeftItsGoroutineEndsWithItsLimitOnTime(t *testing.T) {
	t.Parallel()
	for _, kept := range []journal.Store{nil, journal.NewMemory()} {
		synctest.Test(t, func(t *testing.T) {
			l := occupied(t)
			p := compiled(t, weir.Func("work", same).With(limit.By(l)), &weir.Config{Journal: kept, Limits: usage.Limits{Duration: time.Minute}})
			began := time.Now()
			r, err := p.Start(t.Context(), 1)
			res, err := begun(t, r, err).Wait(t.Context())
			if !errors.Is(err, weir.ErrDuration) || time.Since(began) != time.Minute || res.Elapsed != time.Minute {
				t.Errorf("%v after %v, %v", err, time.Since(began), res.Elapsed)
			}
			l.Release()
			if err := l.Acquire(t.Context()); err != nil { // the place was given up
				t.Error(err)
			}
		})
	}
}

func TestARunLeavesItsGoroutineBetweenAttemptsAndRounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		flaky := weir.Func("flaky", func(_ context.Context, n int) (int, error) {
			if tries++; tries%3 != 0 {
				return 0, errors.New("not yet")
			}
			return n + 1, nil
		}).With(retry.UpTo(3, retry.Backoff(time.Minute, 2, time.Hour)))
		p := compiled(t, loop.Times("poll", 3, flaky, loop.Delay(time.Hour)), nil)
		began := time.Now()
		r, err := p.Start(t.Context(), 0)
		res, err := begun(t, r, err).Wait(t.Context())
		if want := 3*3*time.Minute + 2*time.Hour; err != nil || res.Output != 3 || time.Since(began) != want || res.Elapsed != want {
			t.Errorf("%v, %v after %v, %v; want 3 after %v", res.Output, err, time.Since(began), res.Elapsed, want)
		}
		if s, _ := res.Step("poll/flaky"); s.Count() != 3 || s.Attempts() != 9 {
			t.Errorf("%d executions, %d attempts", s.Count(), s.Attempts())
		}
	})
}

func TestAnAttemptThatLeftItsGoroutineLeavesNothingWhenItFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := occupied(t)
		fails := 1
		p := compiled(t, weir.Chain("both",
			weir.Func("write", func(ctx context.Context, n int) (int, error) {
				steps.Update(ctx, func(n int) int { return n + 1 })
				return n, nil
			}),
			weir.Func("work", func(_ context.Context, n int) (int, error) {
				if fails--; fails >= 0 {
					return 0, errors.New("not yet")
				}
				return n, nil
			}).With(limit.By(l))).With(retry.UpTo(2)), nil)
		r, err := p.Start(t.Context(), 1)
		begun(t, r, err)
		synctest.Wait()
		l.Release()
		res, err := r.Wait(t.Context())
		if n, _ := steps.From(res.State); err != nil || n != 1 {
			t.Errorf("%v, the state has %d; want what the second attempt wrote: 1", err, n)
		}
	})
}

// counted counts what hooks are told of runs.
type counted struct{ begun, ended atomic.Int64 }

func (c *counted) PreRun(context.Context, hook.Run) error     { c.begun.Add(1); return nil }
func (c *counted) PostRun(context.Context, hook.RunEnd) error { c.ended.Add(1); return nil }

func TestHooksAndReadersAreToldOnceOfARunThatLeftItsGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := occupied(t)
		seen := &counted{}
		p := compiled(t, weir.Then(weir.Func("first", same), loop.Times("twice", 2, weir.Func("work", same).With(limit.By(l)))), &weir.Config{
			Hooks: []hook.Hook{seen},
		})
		r, err := p.Start(t.Context(), 1)
		begun(t, r, err)
		var told []string
		read := make(chan struct{})
		go func() {
			defer close(read)
			for e := range r.Events() {
				if e.Type != telemetry.StepProgress {
					told = append(told, string(e.Type)+" "+e.Path)
				}
			}
		}()
		synctest.Wait()
		l.Release()
		if _, err := r.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		<-read
		want := "run.started |step.started first|step.completed first|step.started twice|step.started twice[0]/work|step.completed twice[0]/work|" +
			"step.started twice[1]/work|step.completed twice[1]/work|step.completed twice|run.completed "
		if got := strings.Join(told, "|"); got != want || seen.begun.Load() != 1 || seen.ended.Load() != 1 {
			t.Errorf("told\n%s\nwant\n%s\nhooks %d and %d times", got, want, seen.begun.Load(), seen.ended.Load())
		}
	})
}

func TestManyRunsShareFewPermits(t *testing.T) {
	t.Parallel()
	l := limit.New(3)
	var at, most atomic.Int64
	p := compiled(t, loop.Times("thrice", 3, weir.Func("work", func(_ context.Context, n int) (int, error) {
		most.Store(max(most.Load(), at.Add(1)))
		defer at.Add(-1)
		return n + 1, nil
	}).With(limit.By(l))), nil)
	runs := make([]*weir.Run[int], 2000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for i := range runs {
		r, err := p.Start(ctx, i)
		runs[i] = begun(t, r, err)
		if i%7 == 0 {
			go r.Cancel(nil)
		}
	}
	for i, r := range runs {
		res, err := r.Wait(t.Context())
		if err == nil && res.Output != i+3 || err != nil && i%7 != 0 {
			t.Fatalf("run %d: %v, %v", i, res.Output, err)
		}
	}
	if most.Load() > 3 || l.InUse() != 0 {
		t.Errorf("%d at once, %d permits in use at the end", most.Load(), l.InUse())
	}
}

// fussy is a Queue that wakes its taker at once, for nothing, and counts how often it is asked whether the permit is there.
type fussy struct {
	limit.Limiter
	w     plan.Waker
	asked atomic.Int64
	ready atomic.Bool
}

func (q *fussy) Enter(w plan.Waker) limit.Place { q.w = w; w.Wake(); return q }
func (q *fussy) Taken() bool                    { q.asked.Add(1); return q.ready.Load() }
func (q *fussy) Leave()                         {}

func TestARunThatWasWokenForNothingLeavesItsGoroutineAgain(t *testing.T) {
	t.Parallel()
	if os.Getenv(weir.WithoutEnv) != "" {
		t.Skip("without the optimisation it does not leave")
	}
	synctest.Test(t, func(t *testing.T) {
		q := &fussy{Limiter: limit.New(1)}
		p := compiled(t, weir.Func("work", same).With(limit.By(q)), nil)
		r, err := p.Start(t.Context(), 1)
		begun(t, r, err)
		synctest.Wait()
		if n := q.asked.Load(); n != 2 {
			t.Errorf("asked %d times; want once before it was to leave, and once after it was woken", n)
		}
		q.ready.Store(true)
		q.w.Wake()
		if res, err := r.Wait(t.Context()); err != nil || res.Output != 1 {
			t.Errorf("%v, %v", res.Output, err)
		}
		q.w.Wake() // nobody is there any more
	})
}
