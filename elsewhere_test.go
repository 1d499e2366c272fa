package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
)

// twoHandles are two handles on one run that waits for its first request, whose result nobody holds.
func twoHandles(t *testing.T, s weir.Step[string, string]) (here, there *weir.Run[string], request string) {
	t.Helper()
	p := compiled(t, s, &weir.Config{Journal: journal.NewMemory()})
	here, err := p.Start(t.Context(), "x", weir.ID("run"))
	begun(t, here, err)
	request = rests(t, here).Pending[0].ID
	there, err = p.Resume(t.Context(), "run")
	begun(t, there, err)
	rests(t, there)
	collect()
	return here, there, request
}

// collect has what nobody holds be gone.
func collect() {
	runtime.GC()
	runtime.GC()
}

func answers(t *testing.T, r *weir.Run[string], id string, v any) {
	t.Helper()
	if err := r.Answer(t.Context(), id, v); err != nil {
		t.Fatal(err)
	}
}

func TestARunThatEndedThroughAnotherHandleHasEndedForWait(t *testing.T) {
	t.Parallel()
	here, there, id := twoHandles(t, asks("a"))
	answers(t, there, id, "y")
	if _, err := there.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if res, err := here.Wait(t.Context()); err != nil || res.Status != weir.Completed || res.Output != "y" || here.Status() != weir.Completed {
		t.Errorf("%v, %v; the handle says %v", res, err, here.Status())
	}
}

func TestARunThatFailedThroughAnotherHandleHasFailedForWait(t *testing.T) {
	t.Parallel()
	fails := weir.Func("b", func(context.Context, string) (string, error) { return "", errors.New("no") })
	here, there, id := twoHandles(t, weir.Then(asks("a"), fails))
	answers(t, there, id, "y")
	_, want := there.Wait(t.Context())
	if res, err := here.Wait(t.Context()); err == nil || want == nil || err.Error() != want.Error() || res.Status != weir.Failed {
		t.Errorf("%v, %v, and not %v", res, err, want)
	}
}

func TestARunThatAnotherBroughtToItsNextRequestExpiresThereInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there, id := twoHandles(t, weir.Then(asks("a"), asks("b", human.Within(time.Hour), human.Otherwise("over"))))
		answers(t, there, id, "y")
		rests(t, there)
		if res := rests(t, here); len(res.Pending) != 1 || res.Pending[0].ID == id || len(here.Pending()) != 1 {
			t.Errorf("the result waits for %v, the handle for %v", res.Pending, here.Pending())
		}
		<-time.After(2 * time.Hour)
		synctest.Wait()
		if st := here.Status(); st != weir.Completed {
			t.Errorf("the handle says %v", st)
		}
	})
}

func TestReadingARunWhoseTimeIsOverDoesNotKeepItFromGoingOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := journal.NewMemory()
		p := compiled(t, asks("a", human.Within(time.Second), human.Otherwise("over")), &weir.Config{Journal: store})
		run, err := p.Start(t.Context(), "x", weir.ID("run"))
		r := begun(t, run, err)
		rests(t, r)
		claim, err := store.Claim(t.Context(), "run") // at its time the run cannot have its journal
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * time.Second)
		_ = store.Release(t.Context(), claim)
		collect()
		if res := rests(t, r); len(res.Pending) != 1 {
			t.Errorf("pending %v", res.Pending)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if st := r.Status(); st != weir.Completed {
			t.Errorf("the handle says %v", st)
		}
	})
}

func TestARunThatItsJournalDoesNotKnowAnyMoreIsNotBegunAnew(t *testing.T) {
	t.Parallel()
	for name, find := range map[string]func(r *weir.Run[string], id string) error{
		"answer": func(r *weir.Run[string], id string) error { return r.Answer(t.Context(), id, "y") },
		"wait":   func(r *weir.Run[string], _ string) error { _, err := r.Wait(t.Context()); return err },
		"time": func(r *weir.Run[string], _ string) error {
			<-time.After(time.Minute)
			_, err := r.Wait(context.Background())
			return err
		},
		"cancel": func(r *weir.Run[string], _ string) error { r.Cancel(nil); return plan.Errorf(plan.CodeNotFound, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store := journal.NewMemory()
				p := compiled(t, weir.Then(pays(t), asks("a", human.Within(time.Second), human.Otherwise("over"))), &weir.Config{Journal: store})
				run, err := p.Start(t.Context(), "x", weir.ID("run"))
				r := begun(t, run, err)
				id := rests(t, r).Pending[0].ID
				collect()
				_ = store.Delete(t.Context(), "run")
				err = find(r, id)
				if res, werr := r.Wait(t.Context()); plan.CodeOf(err) != plan.CodeNotFound || name != "cancel" && (r.Status() != weir.Failed || werr == nil || res == nil) {
					t.Errorf("%v, %v, %v; the handle says %v", err, res, werr, r.Status())
				}
				if again, _ := store.Load(t.Context(), "run"); len(again) != 0 {
					t.Errorf("the journal has %d records", len(again))
				}
			})
		})
	}
}

func TestARunThatEndedThroughAnotherHandleTakesNoAnswer(t *testing.T) {
	t.Parallel()
	bad := weir.Func("bad", func(context.Context, string) (string, error) { return "", errors.New("no") })
	both := parallel.Named("p", []parallel.Option{parallel.FailFast()}, asks("a"), weir.Then(asks("b"), bad))
	first := weir.Func("first", func(_ context.Context, in []parallel.Branch[string]) (string, error) { return in[0].Out, nil })
	here, there, _ := twoHandles(t, weir.Then(both, first))
	pending := there.Pending()
	answers(t, there, pending[1].ID, "y")
	if _, err := there.Wait(t.Context()); err == nil {
		t.Fatal("the run has not failed")
	}
	if err := here.Answer(t.Context(), pending[0].ID, "y"); plan.CodeOf(err) != plan.CodeNotFound {
		t.Errorf("%v", err)
	}
	if res, err := here.Wait(t.Context()); err == nil || res.Status != weir.Failed {
		t.Errorf("%v, %v", res, err)
	}
}

func TestARunThatAnotherBroughtFurtherAndLeftIsAnErrorToWaitAndGoesOnInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		left := false
		leaves := weir.Func("b", func(_ context.Context, in string) (string, error) {
			if !left {
				left = true
				runtime.Goexit()
			}
			return in + "!", nil
		})
		here, there, id := twoHandles(t, weir.Then(asks("a", human.Within(time.Second)), leaves))
		answers(t, there, id, "y")
		if _, err := there.Wait(t.Context()); plan.CodeOf(err) != plan.CodePanic {
			t.Fatal(err)
		}
		if res, err := here.Wait(t.Context()); res != nil || plan.CodeOf(err) != plan.CodeResume || here.Status() != weir.Paused {
			t.Errorf("%v, %v; the handle says %v", res, err, here.Status())
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if res, err := here.Wait(t.Context()); err != nil || res.Output != "y!" {
			t.Errorf("%v, %v", res, err)
		}
	})
}

// unending is a journal that does not take the end of a run until it may.
type unending struct {
	journal.Memory
	may atomic.Bool
}

func (e *unending) Append(ctx context.Context, c journal.Claim, records []journal.Record) error {
	if last := records[len(records)-1].Type; last == journal.RunCompleted && !e.may.Load() {
		return errFault
	}
	return e.Memory.Append(ctx, c, records)
}

func TestARunWhoseEndWasNotRecordedIsAnErrorToWaitAndEndsInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &unending{}
		p := compiled(t, asks("a", human.Within(time.Second)), &weir.Config{Journal: store})
		run, err := p.Start(t.Context(), "x", weir.ID("run"))
		here := begun(t, run, err)
		id := rests(t, here).Pending[0].ID
		run, err = p.Resume(t.Context(), "run")
		there := begun(t, run, err)
		rests(t, there)
		answers(t, there, id, "y")
		if _, err := there.Wait(t.Context()); !errors.Is(err, errFault) {
			t.Fatal(err)
		}
		collect()
		if res, err := here.Wait(t.Context()); res != nil || plan.CodeOf(err) != plan.CodeResume || !strings.Contains(err.Error(), "Plan.Resume") {
			t.Errorf("%v, %v", res, err)
		}
		store.may.Store(true)
		<-time.After(time.Minute)
		synctest.Wait()
		if res, err := here.Wait(t.Context()); err != nil || res.Output != "y" {
			t.Errorf("%v, %v", res, err)
		}
	})
}

func TestARunThatWasCancelledThroughAnotherHandleIsNotTakenUpWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there, _ := twoHandles(t, asks("a", human.Within(time.Second), human.Otherwise("over")))
		there.Cancel(nil)
		<-time.After(time.Minute)
		synctest.Wait()
		res, err := here.Wait(t.Context())
		if !errors.Is(err, weir.ErrCanceled) || res.Status != weir.Canceled || here.Status() != weir.Canceled || len(here.Pending()) != 0 {
			t.Errorf("%v, %v; the handle says %v", res, err, here.Status())
		}
	})
}

func TestARunThatWasCancelledThroughAnotherHandleTakesNoAnswer(t *testing.T) {
	t.Parallel()
	here, there, id := twoHandles(t, asks("a"))
	there.Cancel(nil)
	if err := here.Answer(t.Context(), id, "y"); plan.CodeOf(err) != plan.CodeCanceled || here.Status() != weir.Canceled {
		t.Errorf("%v; the handle says %v", err, here.Status())
	}
	if err := here.Answer(t.Context(), id, "y"); plan.CodeOf(err) != plan.CodeNotFound {
		t.Errorf("the second time %v", err)
	}
}

// slowly is an answer that says when it is read for the first time, and is only when it may.
type slowly struct {
	Text string `json:"text"`
}

// reading is the gate of the answer that is read next.
var reading atomic.Pointer[struct{ reads, may chan struct{} }]

func (s *slowly) UnmarshalJSON(b []byte) error {
	if gate := reading.Swap(nil); gate != nil {
		close(gate.reads)
		<-gate.may
	}
	type plain slowly
	return json.Unmarshal(b, (*plain)(s))
}

func TestARunThatGoesOnWhileItsResultIsToBeReadAgainIsWaitedFor(t *testing.T) {
	t.Parallel()
	p := compiled(t, weir.Then(human.Ask[string, slowly]("a", human.Text[string]("well?")),
		weir.Func("b", func(_ context.Context, in slowly) (string, error) { return in.Text, nil })), nil)
	run, err := p.Start(t.Context(), "x")
	r := begun(t, run, err)
	id := rests(t, r).Pending[0].ID
	collect()
	gate := &struct{ reads, may chan struct{} }{make(chan struct{}), make(chan struct{})}
	reading.Store(gate)
	go func() { _ = r.Answer(t.Context(), id, map[string]any{"text": "y"}) }()
	<-gate.reads // the answer has the run's turn now
	type ended struct {
		res *weir.Result[string]
		err error
	}
	end := make(chan ended)
	go func() { res, err := r.Wait(t.Context()); end <- ended{res, err} }()
	for stacks := make([]byte, 1<<20); !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), ".reread("); {
		runtime.Gosched()
	}
	close(gate.may)
	if e := <-end; e.err != nil || e.res.Status != weir.Completed || e.res.Output != "y" {
		t.Errorf("%v, %v", e.res, e.err)
	}
}
