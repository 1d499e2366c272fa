package weir_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

func asks(name string, opts ...human.Option) weir.Step[string, string] {
	return human.Ask[string, string](name, human.Text[string]("well?"), opts...)
}

func compiled[I, O any](t *testing.T, s weir.Step[I, O], c *weir.Config) *weir.Plan[I, O] {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func begun[O any](t *testing.T, r *weir.Run[O], err error) *weir.Run[O] {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rests[O any](t *testing.T, r *weir.Run[O]) *weir.Result[O] {
	t.Helper()
	res, err := r.Wait(t.Context())
	if err != nil || res.Status != weir.Paused {
		t.Fatalf("status %v, error %v", res.Status, err)
	}
	return res
}

func TestAnAnswerACancellationAndADeadlineAtOneInstantEndTheRunOnce(t *testing.T) {
	t.Parallel()
	for round := range 60 {
		synctest.Test(t, func(t *testing.T) {
			s := weir.Then(parallel.All("p", asks("a", human.Within(time.Second)), asks("b", human.Within(time.Second), human.Otherwise("none")),
				weir.Func("c", func(_ context.Context, in string) (string, error) { return in, nil })),
				human.Ask[[]string, string]("last", human.Text[[]string]("well?"), human.Within(time.Minute), human.Otherwise("over")))
			h := &heard{}
			p := compiled(t, s, &weir.Config{Journal: journal.NewMemory(), Telemetry: h})
			run, err := p.Start(t.Context(), "x", weir.ID("run"))
			r := begun(t, run, err)
			pending := rests(t, r).Pending
			other, err := p.Resume(t.Context(), "run")
			o := begun(t, other, err)
			rests(t, o)
			ids := []string{pending[0].ID, pending[1].ID}
			var wg sync.WaitGroup
			at := func(do func()) { wg.Go(func() { <-time.After(time.Second); do() }) }
			for _, handle := range []*weir.Run[string]{r, o} {
				for _, id := range ids {
					at(func() {
						if err := handle.Answer(t.Context(), id, "y"); err == nil && handle.Status() == weir.Paused {
							if res, _ := handle.Wait(t.Context()); res.Status == weir.Paused && slices.ContainsFunc(res.Pending, func(q weir.Request) bool { return q.ID == id }) {
								t.Error("a wait after an answer gives the result before it")
							}
						}
					})
				}
				at(func() { _ = handle.Pending() })
				at(func() {
					for range handle.Events() {
					}
				})
				at(func() { _, _ = handle.Wait(t.Context()) })
			}
			if round%2 == 0 {
				at(func() { r.Cancel(nil) })
			}
			wg.Wait()
			<-time.After(time.Hour) // of what waits, the time is over
			synctest.Wait()
			for _, handle := range []*weir.Run[string]{r, o} {
				if st := handle.Status(); st == weir.Running || st == weir.Paused {
					t.Errorf("a handle says %v", st)
				}
			}
			if _, err := p.Execute(t.Context(), "x", weir.ID("run")); errors.Is(err, journal.ErrHeld) {
				t.Error("the run is held")
			}
			kinds := map[telemetry.Type]int{}
			for _, e := range h.list {
				kinds[e.Type]++
			}
			if n := kinds[telemetry.RunCompleted] + kinds[telemetry.RunFailed]; n < 1 {
				t.Errorf("events %v", kinds)
			}
		})
	}
}

// upon is a recorder that does something at the first event of a type.
type upon struct {
	kind telemetry.Type
	once sync.Once
	do   func()
}

func (u *upon) Event(_ context.Context, e *telemetry.Event) {
	if e.Type == u.kind {
		u.once.Do(u.do)
	}
}

func TestARunThatIsCancelledAsItIsAboutToWaitIsCancelled(t *testing.T) {
	t.Parallel()
	u := &upon{kind: telemetry.RunPaused}
	gate := make(chan struct{})
	start := weir.Func("start", func(_ context.Context, in string) (string, error) { <-gate; return in, nil })
	p := compiled(t, weir.Then(start, asks("ask")), &weir.Config{Telemetry: u, Journal: journal.NewMemory()})
	run, err := p.Start(t.Context(), "x")
	r := begun(t, run, err)
	u.do = func() { r.Cancel(errors.New("enough")) }
	close(gate)
	if res, err := r.Wait(t.Context()); !errors.Is(err, weir.ErrCanceled) || res.Status != weir.Canceled || r.Status() != weir.Canceled {
		t.Errorf("status %v, error %v", res.Status, err)
	}
}

func TestACancelledWaitIsToldToWatchersAndForgotten(t *testing.T) {
	t.Parallel()
	h, n := &noting{}, 0
	count := weir.Func("count", func(_ context.Context, in string) (string, error) { n++; return in, nil })
	p := compiled(t, weir.Then(count, asks("ask")), &weir.Config{Hooks: []hook.Hook{h}})
	run, err := p.Start(t.Context(), "x", weir.ID("run"))
	r := begun(t, run, err)
	rests(t, r)
	r.Cancel(nil)
	r.Cancel(nil)
	var last telemetry.Event
	for e := range r.Events() {
		last = e
	}
	if last.Type != telemetry.RunFailed || last.Code != string(plan.CodeCanceled) {
		t.Errorf("the last event is %+v", last)
	}
	if want := []string{"on_pause", "post_run paused", "post_run canceled"}; !slices.Equal(h.list[len(h.list)-3:], want) {
		t.Errorf("hooks are told %q", h.list)
	}
	if run, err = p.Start(t.Context(), "x", weir.ID("run")); err != nil {
		t.Fatal(err)
	}
	if rests(t, run); n != 2 {
		t.Error("a journal that is kept for the wait only remembers the run")
	}
}

func TestCancellingAHandleDoesNotUndoTheEndThatAnotherCameTo(t *testing.T) {
	t.Parallel()
	p := compiled(t, asks("ask"), &weir.Config{Journal: journal.NewMemory()})
	run, err := p.Start(t.Context(), "x", weir.ID("run"))
	r := begun(t, run, err)
	id := rests(t, r).Pending[0].ID
	other, err := p.Resume(t.Context(), "run")
	o := begun(t, other, err)
	if err := o.Answer(t.Context(), id, "y"); err != nil { // at once: it waits until the run has come to the request
		t.Fatal(err)
	}
	if res, err := o.Wait(t.Context()); err != nil || res.Output != "y" {
		t.Fatal(res.Output, err)
	}
	r.Cancel(nil)
	if res, err := r.Wait(t.Context()); err != nil || res.Output != "y" || res.Status != weir.Completed {
		t.Errorf("status %v, output %q, error %v", res.Status, res.Output, err)
	}
}

func TestARequestOfABranchThatLostIsWithdrawn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &doings{}
		s := weir.Then(parallel.First("p", []parallel.Option{parallel.FirstSuccess()}, asks("lost"), d.step("wins", time.Second, nil)), asks("next"))
		p := compiled(t, s, nil)
		run, err := p.Start(t.Context(), "x")
		r := begun(t, run, err)
		synctest.Wait()
		early := r.Pending()
		res := rests(t, r)
		if len(early) != 1 || len(res.Pending) != 1 || res.Pending[0].Path != "next" {
			t.Fatalf("pending at first %v, then %v", early, res.Pending)
		}
		if err := r.Answer(t.Context(), early[0].ID, "y"); !errors.Is(err, weir.ErrNotFound) {
			t.Errorf("an answer to it: %v", err)
		}
		if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
			t.Fatal(err)
		}
		if res, err := r.Wait(t.Context()); err != nil || res.Output != "y" || d.ran["wins"] != 1 {
			t.Errorf("output %q, error %v, ran %v", res.Output, err, d.ran)
		}
	})
}

func TestWhoCannotBeAskedLeavesTheRunToBeResumed(t *testing.T) {
	t.Parallel()
	p := compiled(t, asks("ask"), &weir.Config{Journal: journal.NewMemory()})
	boom := errors.New("boom")
	for _, wrong := range []func(context.Context, weir.Request) (any, error){
		func(context.Context, weir.Request) (any, error) { return nil, boom },
		func(context.Context, weir.Request) (any, error) { return 7, nil }, // does not fit
	} {
		if _, err := p.Run(t.Context(), "x", weir.ID("run"), weir.Answers(wrong)); err == nil || errors.Is(err, weir.ErrPaused) {
			t.Errorf("error %v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := p.Run(ctx, "x", weir.ID("run"), weir.Answers(func(context.Context, weir.Request) (any, error) { cancel(); return nil, ctx.Err() }))
	if !errors.Is(err, weir.ErrCanceled) {
		t.Errorf("cancelled as it is asked: %v", err)
	}
	run, err := p.Resume(t.Context(), "run")
	r := begun(t, run, err)
	if err := r.Answer(t.Context(), rests(t, r).Pending[0].ID, "y"); err != nil {
		t.Error(err)
	}
}

func TestWhoAnswersTooLateDoesNotEndTheRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := compiled(t, asks("ask", human.Within(time.Minute), human.Otherwise("nobody")), nil)
		out, err := p.Run(t.Context(), "x", weir.Answers(func(context.Context, weir.Request) (any, error) {
			<-time.After(time.Hour)
			return "late", nil
		}))
		if err != nil || out != "nobody" {
			t.Errorf("output %q, error %v", out, err)
		}
	})
}

func TestAStepThatEndsItsGoroutineEndsTheRunAndHoldsNothing(t *testing.T) {
	t.Parallel()
	for _, store := range []journal.Store{nil, journal.NewMemory()} {
		left := 2
		gone := weir.Func("gone", func(_ context.Context, in string) (string, error) {
			if left--; left >= 0 {
				runtime.Goexit()
			}
			return in, nil
		})
		p := compiled(t, gone, &weir.Config{Journal: store})
		run, err := p.Start(t.Context(), "x", weir.ID("run"))
		r := begun(t, run, err)
		if res, err := r.Wait(t.Context()); err == nil || res.Status != weir.Failed {
			t.Errorf("status %v, error %v", res.Status, err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = p.Execute(t.Context(), "x", weir.ID("run"))
		}()
		<-done
		if out, err := p.Run(t.Context(), "x", weir.ID("run")); err != nil || out != "x" {
			t.Errorf("output %q, error %v", out, err)
		}
	}
}

func TestARequestExpiresAlsoWhereTheJournalCannotBeHadAtFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &faulty{how: "before"}
		p := compiled(t, asks("ask", human.Within(time.Minute), human.Otherwise("nobody")), &weir.Config{Journal: f})
		run, err := p.Start(t.Context(), "x")
		r := begun(t, run, err)
		rests(t, r)
		f.mu.Lock()
		f.at = f.calls + 1
		f.mu.Unlock()
		<-time.After(time.Hour)
		synctest.Wait()
		if res, err := r.Wait(t.Context()); err != nil || res.Output != "nobody" {
			t.Errorf("status %v, output %q, error %v", res.Status, res.Output, err)
		}
	})
}

func TestTheDurationOfARunCountsThePartsBeforeACrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, store := &doings{}, journal.NewMemory()
		s := weir.Then4(d.step("a", 40*time.Second, nil), asks("ask"), d.step("b", 10*time.Second, nil), d.step("c", 50*time.Second, nil))
		p := compiled(t, s, &weir.Config{Journal: store, Limits: usage.Limits{Duration: 90 * time.Second}})
		run, err := p.Start(t.Context(), "x", weir.ID("run"))
		r := begun(t, run, err)
		if err := r.Answer(t.Context(), rests(t, r).Pending[0].ID, "y"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Wait(t.Context()); !errors.Is(err, weir.ErrDuration) {
			t.Fatal(err)
		}
		records, _ := store.Load(t.Context(), "run")
		cut := journal.NewMemory() // without the end: as a crash leaves it
		c, _ := cut.Claim(t.Context(), "run")
		if err := errors.Join(cut.Append(t.Context(), c, records[:len(records)-1]), cut.Release(t.Context(), c)); err != nil {
			t.Fatal(err)
		}
		p = compiled(t, s, &weir.Config{Journal: cut, Limits: usage.Limits{Duration: 90 * time.Second}})
		begun := time.Now()
		if res, err := p.Execute(t.Context(), "x", weir.ID("run")); !errors.Is(err, weir.ErrDuration) || time.Since(begun) != 40*time.Second {
			t.Errorf("after %v more, %v in all: %v", time.Since(begun), res.Elapsed, err)
		}
	})
}
