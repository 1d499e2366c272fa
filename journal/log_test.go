package journal_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

// slow is a store that counts its appends and waits in each until it is let go.
type slow struct {
	*journal.Memory
	appends atomic.Int32
	gate    chan struct{}
	err     atomic.Pointer[error]
}

func (s *slow) Append(ctx context.Context, c journal.Claim, records []journal.Record) error {
	s.appends.Add(1)
	if s.gate != nil {
		<-s.gate
	}
	if err := s.err.Load(); err != nil {
		return *err
	}
	return s.Memory.Append(ctx, c, records)
}

// opened is the log of a run that has begun.
func opened(t *testing.T, s journal.Store) *journal.Log {
	t.Helper()
	l, err := journal.Open(t.Context(), s, "run")
	if err == nil {
		err = l.Begin(t.Context(), journal.Record{Type: journal.RunStarted, Value: "in"})
	}
	if err != nil {
		t.Fatal(err)
	}
	l.Enter(t.Context())
	return l
}

// again ends a part and begins the next.
func again(t *testing.T, l *journal.Log) {
	t.Helper()
	l.Leave()
	if err := l.Rewind(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.Enter(t.Context())
}

func TestRecordsOfSeveralGoroutinesAreStoredTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{Memory: journal.NewMemory()}
		l := opened(t, s)
		s.gate = make(chan struct{})
		const writers = 50
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				if err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: fmt.Sprint(i)}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(s.gate)
		wg.Wait()
		records, err := s.Load(t.Context(), "run")
		if err != nil || len(records) != writers+1 {
			t.Fatalf("%d records, %v", len(records), err)
		}
		if n := s.appends.Load(); n != 3 { // the start, the first of them, the others
			t.Errorf("%d writes, want 3", n)
		}
	})
}

func TestWhatIsWrittenLaterComesWithTheNextRecord(t *testing.T) {
	t.Parallel()
	s := &slow{Memory: journal.NewMemory()}
	l := opened(t, s)
	l.Later(journal.Record{Type: journal.Decided, Key: "a#x", Value: 1})
	if records, _ := s.Load(t.Context(), "run"); len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	if err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: "b"}); err != nil {
		t.Fatal(err)
	}
	records, _ := s.Load(t.Context(), "run")
	if len(records) != 3 || records[1].Key != "a#x" || records[2].Key != "b" || s.appends.Load() != 2 {
		t.Errorf("%d writes gave %v", s.appends.Load(), records)
	}
}

func TestAfterAStoreFailedNothingMoreIsWritten(t *testing.T) {
	t.Parallel()
	s := &slow{Memory: journal.NewMemory()}
	l := opened(t, s)
	boom := errors.New("disk full")
	s.err.Store(&boom)
	err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: "a"})
	if !errors.Is(err, boom) || plan.CodeOf(err) != plan.CodeJournal {
		t.Fatalf("error %v (%s)", err, plan.CodeOf(err))
	}
	s.err.Store(nil)
	if err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: "b"}); !errors.Is(err, boom) {
		t.Errorf("a record after one that is lost: %v", err)
	}
	l.Close(t.Context())
	if l, err = journal.Open(t.Context(), s, "run"); err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(t.Context(), journal.Record{Type: journal.RunResumed}); err != nil {
		t.Errorf("resumed when the store works again: %v", err)
	}
}

func TestALogOfALaterFormatIsRefused(t *testing.T) {
	t.Parallel()
	s := journal.NewMemory()
	c, err := s.Claim(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), c, []journal.Record{{Version: journal.Version + 1, Seq: 1, Type: journal.RunStarted}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Release(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(t.Context(), s, "run"); plan.CodeOf(err) != plan.CodeJournal {
		t.Errorf("error %v", err)
	}
	if _, err := s.Claim(t.Context(), "run"); err != nil {
		t.Errorf("the claim is kept: %v", err)
	}
}

func TestARequestIsAnsweredOnceAndInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := opened(t, journal.NewMemory())
		check := func(v any) (any, error) {
			if s, ok := v.(string); ok {
				return s + "!", nil
			}
			return nil, errors.New("no text")
		}
		ask := func(id string) (journal.Reply, error) {
			return l.Ask(t.Context(), journal.Request{ID: id, Path: id}, &journal.Form{Within: time.Minute, Check: check})
		}
		for _, id := range []string{"a", "b"} {
			if _, err := ask(id); plan.CodeOf(err) != plan.CodePaused {
				t.Fatalf("%s: %v", id, err)
			}
		}
		for _, c := range []struct {
			id   string
			v    any
			code plan.Code
		}{{"a", 1, plan.CodeAnswer}, {"c", "x", plan.CodeNotFound}, {"a", "x", ""}, {"a", "y", plan.CodeAnswered}} {
			if err := l.Answer(t.Context(), c.id, c.v); plan.CodeOf(err) != c.code {
				t.Errorf("%s %v: %v", c.id, c.v, err)
			}
		}
		if !l.Ready() || len(l.Pending()) != 1 {
			t.Errorf("ready %v, pending %v", l.Ready(), l.Pending())
		}
		<-time.After(time.Minute)
		if err := l.Answer(t.Context(), "b", "x"); plan.CodeOf(err) != plan.CodeLate {
			t.Errorf("late: %v", err)
		}
		again(t, l)
		if r, err := ask("a"); err != nil || r.Value != "x!" {
			t.Errorf("a: %v, %v", r, err)
		}
		if r, err := ask("b"); err != nil || !r.Expired {
			t.Errorf("b: %v, %v", r, err)
		}
	})
}

func TestARequestThatTheRunWentOnWithoutTakesNoAnswer(t *testing.T) {
	t.Parallel()
	l := opened(t, journal.NewMemory())
	if _, err := l.Ask(t.Context(), journal.Request{ID: "a"}, nil); plan.CodeOf(err) != plan.CodePaused {
		t.Fatal(err)
	}
	again(t, l)
	if len(l.Pending()) != 1 {
		t.Error("the run may still come to the request")
	}
	l.Leave()
	if err := l.Answer(t.Context(), "a", "x"); plan.CodeOf(err) != plan.CodeNotFound || len(l.Pending()) != 0 {
		t.Errorf("error %v, pending %v", err, l.Pending())
	}
}

func TestAFailureIsReadBackAsHandlersSeeIt(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		errors.New("plain"), plan.ErrValidation, plan.NoRetry(plan.Errorf(plan.CodePrompt, "no")),
		&plan.StepError{Path: "a/b", Kind: "func", Attempt: 2, Code: plan.CodeTimeout, Err: plan.Errorf(plan.CodeTimeout, "late")},
		&plan.PanicError{Value: "boom"},
	} {
		again := journal.Failed(err).Err()
		if again.Error() != err.Error() || plan.CodeOf(again) != plan.CodeOf(err) || plan.ClassOf(again) != plan.ClassOf(err) || plan.Permanent(again) != plan.Permanent(err) {
			t.Errorf("%v (%s, %s) comes back as %v (%s, %s)", err, plan.CodeOf(err), plan.ClassOf(err), again, plan.CodeOf(again), plan.ClassOf(again))
		}
	}
	if journal.Failed(nil).Err() != nil || !errors.Is(journal.Failed(plan.ErrTimeout).Err(), plan.ErrTimeout) {
		t.Error("nothing, or a code, is lost")
	}
}

func TestAFailureMatchesWhatItsErrorWrapped(t *testing.T) {
	t.Parallel()
	err := plan.Errorf(plan.CodeProcessor, "no: %w", errors.Join(errors.New("x"), plan.Errorf(plan.CodeInput, "in: %w", plan.ErrValidation)))
	for range 2 { // also where a failure that was read back fails another step
		f := journal.Failed(err)
		if !errors.Is(f.Err(), plan.ErrValidation) || !errors.Is(f.Err(), plan.Errorf(plan.CodeInput, "")) || errors.Is(f.Err(), plan.ErrTimeout) {
			t.Errorf("codes %v", f.Codes)
		}
		if plan.CodeOf(f.Err()) != plan.CodeProcessor {
			t.Errorf("code %s", plan.CodeOf(f.Err()))
		}
		err = plan.Errorf(plan.CodeProcessor, "again: %w", f.Err())
	}
}

func TestARewindWaitsForWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{Memory: journal.NewMemory()}
		l := opened(t, s)
		if _, err := l.Ask(t.Context(), journal.Request{ID: "a"}, nil); plan.CodeOf(err) != plan.CodePaused {
			t.Fatal(err)
		}
		l.Leave()
		s.gate = make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := l.Answer(t.Context(), "a", "x"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait() // the answer is on its way into the store
		wg.Go(func() {
			if err := l.Rewind(t.Context()); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		close(s.gate)
		wg.Wait()
		l.Enter(t.Context())
		if r, err := l.Ask(t.Context(), journal.Request{ID: "a"}, nil); err != nil || r.Value != "x" {
			t.Errorf("the answer is lost: %v, %v", r, err)
		}
		if err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: "b"}); err != nil {
			t.Errorf("the numbers of the records do not go on: %v", err)
		}
	})
}

// panicking is a store whose writes panic.
type panicking struct{ *journal.Memory }

func (panicking) Append(context.Context, journal.Claim, []journal.Record) error { panic("boom") }

func TestAStoreThatPanicsLeavesNobodyWaiting(t *testing.T) {
	t.Parallel()
	l, err := journal.Open(t.Context(), panicking{journal.NewMemory()}, "run")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := l.Append(t.Context(), journal.Record{Type: journal.RunStarted}); plan.CodeOf(err) != plan.CodeJournal {
			t.Errorf("error %v", err)
		}
	}
}
