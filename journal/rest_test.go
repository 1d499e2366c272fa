package journal_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// rested is the log of a run that made some steps, asked a question, and rests.
func rested(t *testing.T, s journal.Store, run string, steps int, question string, form *journal.Form) *journal.Log {
	t.Helper()
	l, err := journal.Open(t.Context(), s, run)
	if err == nil {
		err = l.Begin(t.Context(), journal.Record{Type: journal.RunStarted, Plan: strings.Repeat("0f", 32), Value: 1})
	}
	l.Enter(t.Context())
	for i := range steps {
		if err == nil {
			key := fmt.Sprint("arrive", i)
			err = l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: key, Path: key, Attempt: 1, Value: 1000 * i,
				Elapsed: time.Microsecond, Idempotency: journal.Idempotent(run, key)})
		}
	}
	_, pause := l.Ask(t.Context(), journal.Request{ID: journal.RequestID(run, "ask"), Path: "ask", Question: question}, form)
	l.Leave()
	if err == nil {
		err = l.Suspend(t.Context(), journal.Record{Type: journal.RunPaused, Elapsed: time.Millisecond,
			Failure: journal.Failed(&plan.StepError{Path: "ask", Kind: "human", Attempt: 1, Code: plan.CodePaused, Err: pause})})
	}
	if err != nil || plan.CodeOf(pause) != plan.CodePaused || len(l.Pending()) != 1 {
		t.Fatal(err, pause, l.Pending())
	}
	return l
}

// The memory of a process is its own only when nothing else runs in it, so this test is not parallel.
func TestAJournalThatRestsHoldsLittleMemory(t *testing.T) {
	if raced {
		t.Skip("the race detector needs memory of its own")
	}
	const runs = 2_000
	form := &journal.Form{Schema: []byte(`{"type":"string"}`), Options: []string{"a", "b"}, Assignees: []string{"ada"}, Within: time.Hour}
	long := strings.Repeat("well? ", 200)
	for _, c := range []struct {
		name     string
		steps    int
		question string
		most     int
	}{
		{"a step and a question", 1, "How many?", 600},
		{"ten steps", 10, "How many?", 1100},
		{"a long question", 1, long, 650}, // all runs share it
	} {
		s, all := journal.NewMemory(), make([]*journal.Log, runs)
		before := heap()
		for i := range all {
			all[i] = rested(t, s, fmt.Sprintf("run_%016x", i), c.steps, c.question, form)
		}
		each := (heap() - before) / runs
		t.Logf("%s: %d bytes a run", c.name, each)
		if each > c.most {
			t.Errorf("%s: a journal that rests holds %d bytes, more than %d", c.name, each, c.most)
		}
		runtime.KeepAlive(all)
		runtime.KeepAlive(s)
	}
}

func TestALogThatRestsKnowsItsRequestsAndWritesNothing(t *testing.T) {
	t.Parallel()
	s := journal.NewMemory()
	form := &journal.Form{Options: []string{"yes", "no"}, Check: func(v any) (any, error) {
		if v != "yes" {
			return nil, plan.ErrValidation
		}
		return v, nil
	}}
	l := rested(t, s, "run", 2, "well?", form)
	id := l.Pending()[0].ID
	if st := l.Status(); st != plan.Paused || l.Refusal(id) != nil || plan.CodeOf(l.Refusal("other")) != plan.CodeNotFound || len(l.Answered()) != 0 {
		t.Errorf("it stands %v, refuses with %v", st, l.Refusal(id))
	}
	if l.First() != nil || l.End() != nil || l.Replays() || l.Past("arrive0") != nil || l.Begun() != nil || l.Over(t.Context()) || l.Spent() != 0 {
		t.Error("it holds what was recorded")
	}
	for range 2 { // it stays so
		if err := l.Append(t.Context(), journal.Record{Type: journal.StepCompleted, Key: "late"}); plan.CodeOf(err) != plan.CodeJournal {
			t.Errorf("a record of a run that rests: %v", err)
		}
		if err := l.Answer(t.Context(), id, "yes"); plan.CodeOf(err) != plan.CodeJournal || l.Refusal(id) != nil {
			t.Errorf("an answer without a claim: %v", err)
		}
		l.Close(t.Context())
	}
	if records, err := s.Load(t.Context(), "run"); err != nil || len(records) != 5 {
		t.Errorf("%d records, %v", len(records), err)
	}
	if err := l.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.Status() != plan.Paused || l.First() == nil || l.Past("arrive1") == nil || l.Spent() != time.Millisecond {
		t.Errorf("read again it stands %v", l.Status())
	}
	if err := l.Answer(t.Context(), id, "no"); plan.CodeOf(err) != plan.CodeAnswer {
		t.Errorf("the check is lost: %v", err)
	}
	if err := l.Answer(t.Context(), id, "yes"); err != nil {
		t.Fatal(err)
	}
	l.Close(t.Context())
	if a := l.Answered(); len(a) != 1 || a[0].Answer != "yes" || a[0].Question != "well?" || len(a[0].Options) != 2 {
		t.Errorf("answered %+v", a)
	}
	if err := l.Refusal(id); plan.CodeOf(err) != plan.CodeAnswered {
		t.Errorf("a second answer: %v", err)
	}
}

func TestManyRequestsOfARunAreFound(t *testing.T) {
	t.Parallel()
	l := opened(t, journal.NewMemory())
	const many = 300
	for i := range many {
		if _, err := l.Ask(t.Context(), journal.Request{ID: journal.RequestID("run", fmt.Sprint(i))}, nil); plan.CodeOf(err) != plan.CodePaused {
			t.Fatal(err)
		}
	}
	l.Leave()
	for i := range many {
		if err := l.Answer(t.Context(), journal.RequestID("run", fmt.Sprint(i)), i); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Rewind(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.Enter(t.Context())
	for i := range many {
		if r, err := l.Ask(t.Context(), journal.Request{ID: journal.RequestID("run", fmt.Sprint(i))}, nil); err != nil || r.Value != i {
			t.Errorf("%d: %v, %v", i, r.Value, err)
		}
	}
}

func TestARequestIsShownAsItWasRecorded(t *testing.T) {
	t.Parallel()
	s := journal.NewMemory()
	rested(t, s, "run", 0, "well?", &journal.Form{Options: []string{"a"}})
	l, err := journal.Open(t.Context(), s, "run")
	if err != nil {
		t.Fatal(err)
	}
	l.ReadOnly()
	l.Enter(t.Context())
	id := journal.RequestID("run", "ask")
	ok := func(v any) (any, error) { return v, nil }
	for range 2 {
		if _, err = l.Ask(t.Context(), journal.Request{ID: id}, &journal.Form{Options: []string{"b"}, Check: ok}); plan.CodeOf(err) != plan.CodePaused {
			t.Fatal(err)
		}
	}
	if q := l.Pending()[0]; len(q.Options) != 1 || q.Options[0] != "a" || q.Question != "well?" {
		t.Errorf("shown %+v", q)
	}
}
