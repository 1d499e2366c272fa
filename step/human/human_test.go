package human_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/human"
)

type answer struct {
	Text string `json:"text"`
	Rank int    `json:"rank,omitzero"`
}

// counted is a step that counts how often it runs.
func counted[T any](name string, n *int, f func(T) T) weir.Step[T, T] {
	return weir.Func(name, func(_ context.Context, v T) (T, error) {
		*n++
		return f(v), nil
	})
}

func same[T any](v T) T { return v }

// started begins a run and waits until it ends or pauses.
func started[I, O any](t *testing.T, s weir.Step[I, O], in I, c *weir.Config, opts ...weir.RunOption) (*weir.Run[O], *weir.Result[O]) {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), in, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r, waited(t, r)
}

func waited[O any](t *testing.T, r *weir.Run[O]) *weir.Result[O] {
	t.Helper()
	res, err := r.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestB120AHumanStepPausesTheRunAndTheAnswerIsItsOutput(t *testing.T) {
	t.Parallel()
	before, after := 0, 0
	s := weir.Then3(
		counted("before", &before, same[string]),
		human.Ask[string, string]("ask", func(_ context.Context, in string) (string, error) { return "go on with " + in + "?", nil }),
		counted("after", &after, func(s string) string { return s + "!" }),
	)
	r, res := started(t, s, "x", nil)
	if res.Status != weir.Paused || r.Status() != weir.Paused || after != 0 || len(res.Pending) != 1 {
		t.Fatalf("status %v, after ran %d times, pending %v", res.Status, after, res.Pending)
	}
	q := res.Pending[0]
	if q.Path != "ask" || q.Question != "go on with x?" || string(q.Schema) != `{"type":"string"}` {
		t.Errorf("request %+v, schema %s", q, q.Schema)
	}
	if err := r.Answer(t.Context(), q.ID, "yes"); err != nil {
		t.Fatal(err)
	}
	res = waited(t, r)
	ask, _ := res.Step("ask")
	if res.Status != weir.Completed || res.Output != "yes!" || before != 1 || after != 1 || ask.Count() != 1 || !ask.Success() {
		t.Errorf("status %v, output %q, before %d, after %d, asked %d times", res.Status, res.Output, before, after, ask.Count())
	}
	if len(res.Steps) != 3 || len(res.Answered) != 1 || res.Answered[0].Answer != "yes" || res.Pending != nil {
		t.Errorf("%d steps, answered %v, pending %v", len(res.Steps), res.Answered, res.Pending)
	}
}

func TestB121AnInvalidAnswerIsRefusedAndTheRunWaitsOn(t *testing.T) {
	t.Parallel()
	r, res := started(t, human.Ask[string, answer]("ask", human.Text[string]("well?")), "x", nil)
	id := res.Pending[0].ID
	err := r.Answer(t.Context(), id, map[string]any{"text": 7, "other": true})
	if plan.CodeOf(err) != plan.CodeAnswer || r.Status() != weir.Paused || len(r.Pending()) != 1 {
		t.Fatalf("error %v (%s), status %v, pending %v", err, plan.CodeOf(err), r.Status(), r.Pending())
	}
	if err := r.Answer(t.Context(), id, `{"text": "fine", "rank": 2}`); err != nil {
		t.Fatal(err)
	}
	if res = waited(t, r); res.Output != (answer{"fine", 2}) {
		t.Errorf("output %+v", res.Output)
	}
}

func TestB122TwoHumanStepsPauseTwiceInOrder(t *testing.T) {
	t.Parallel()
	s := weir.Then(human.Ask[string, string]("first", human.Text[string]("1?")), human.Ask[string, string]("second", human.Text[string]("2?")))
	r, res := started(t, s, "x", nil)
	for _, want := range []string{"first", "second"} {
		if len(res.Pending) != 1 || res.Pending[0].Path != want {
			t.Fatalf("waits for %v, want %s", res.Pending, want)
		}
		if err := r.Answer(t.Context(), res.Pending[0].ID, "to "+want); err != nil {
			t.Fatal(err)
		}
		res = waited(t, r)
	}
	if res.Output != "to second" || len(res.Answered) != 2 || res.Answered[0].Path != "first" || res.Answered[1].Answer != "to second" {
		t.Errorf("output %q, answered %+v", res.Output, res.Answered)
	}
}

func TestARunWithoutSomebodyWhoAnswersIsAPausedError(t *testing.T) {
	t.Parallel()
	_, err := weir.Do(t.Context(), human.Ask[string, string]("ask", human.Text[string]("well?")), "x")
	p, ok := errors.AsType[*weir.PausedError](err)
	if !ok || !errors.Is(err, weir.ErrPaused) || len(p.Pending) != 1 || p.ID == "" {
		t.Errorf("error %v (%T)", err, err)
	}
}

func TestAnswersGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	n := 0
	s := weir.Then(counted("before", &n, same[string]), human.Ask[string, string]("ask", human.Text[string]("well?")))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(t.Context(), "x", weir.Answers(func(_ context.Context, r weir.Request) (any, error) { return "to " + r.Question, nil }))
	if err != nil || out != "to well?" || n != 1 {
		t.Errorf("output %q, error %v, before ran %d times", out, err, n)
	}
	boom := errors.New("boom")
	_, err = p.Run(t.Context(), "x", weir.Answers(func(context.Context, weir.Request) (any, error) { return nil, boom }))
	if !errors.Is(err, boom) {
		t.Errorf("error %v, want that of who was asked", err)
	}
	_, err = p.Run(t.Context(), "x", weir.Answers(func(context.Context, weir.Request) (any, error) { return nil, weir.ErrPaused }))
	if !errors.Is(err, weir.ErrPaused) {
		t.Errorf("error %v, want that the run waits", err)
	}
}

func TestAnAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	r, res := started(t, human.Ask[string, string]("ask", human.Text[string]("well?")), "x", nil)
	id := res.Pending[0].ID
	if err := r.Answer(t.Context(), "req_other", "y"); !errors.Is(err, weir.ErrNotFound) {
		t.Errorf("an id that there is not: %v", err)
	}
	if err := r.Answer(t.Context(), id, "y"); err != nil {
		t.Fatal(err)
	}
	if err := r.Answer(t.Context(), id, "z"); plan.CodeOf(err) != plan.CodeAnswered {
		t.Errorf("a second answer: %v (%s)", err, plan.CodeOf(err))
	}
	if res = waited(t, r); res.Output != "y" {
		t.Errorf("output %q", res.Output)
	}
	if err := r.Answer(t.Context(), id, "z"); plan.CodeOf(err) != plan.CodeAnswered {
		t.Errorf("an answer after the end: %v (%s)", err, plan.CodeOf(err))
	}
}

func TestApprovePassesItsInputOnOrFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer any
		ok     bool
	}{{true, true}, {"approve", true}, {"Yes", true}, {human.Approval{Approved: true}, true}, {map[string]any{"approved": true}, true},
		{false, false}, {"reject", false}, {`{"approved": false, "comment": "too long"}`, false}} {
		r, res := started(t, human.Approve("ok", human.Text[int]("publish?")), 7, nil)
		if err := r.Answer(t.Context(), res.Pending[0].ID, c.answer); err != nil {
			t.Fatal(err)
		}
		res, err := r.Wait(t.Context())
		if c.ok && (err != nil || res.Output != 7) || !c.ok && plan.CodeOf(err) != plan.CodeRejected {
			t.Errorf("%v: output %v, error %v", c.answer, res.Output, err)
		}
	}
	r, res := started(t, human.Approve("ok", human.Text[int]("publish?")), 7, nil)
	for _, wrong := range []any{nil, 3, "perhaps", `{"approved": "yes"}`, map[string]any{"comment": "x"}, []any{}} {
		if err := r.Answer(t.Context(), res.Pending[0].ID, wrong); plan.CodeOf(err) != plan.CodeAnswer {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestWithoutAnAnswerInTimeTheStepDoesWhatItWasTold(t *testing.T) {
	t.Parallel()
	ask := func(opts ...human.Option) weir.Step[string, string] {
		return human.Ask[string, string]("ask", human.Text[string]("well?"), append(opts, human.Within(time.Hour))...)
	}
	for name, c := range map[string]struct {
		step weir.Step[string, string]
		out  string
		code plan.Code
	}{
		"fail":    {ask(), "", plan.CodeTimeout},
		"default": {ask(human.Otherwise("nobody")), "nobody", ""},
		"branch":  {ask(human.Instead(weir.Func("alone", func(_ context.Context, in string) (string, error) { return in + " alone", nil }))), "x alone", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, res := started(t, c.step, "x", nil)
				q := res.Pending[0]
				if until := time.Until(q.Deadline); until != time.Hour {
					t.Errorf("the deadline is in %v", until)
				}
				<-time.After(time.Hour)
				synctest.Wait()
				res, err := r.Wait(t.Context())
				if plan.CodeOf(err) != c.code || res.Output != c.out {
					t.Errorf("output %q, error %v", res.Output, err)
				}
				if err := r.Answer(t.Context(), q.ID, "late"); plan.CodeOf(err) != plan.CodeLate {
					t.Errorf("a late answer: %v (%s)", err, plan.CodeOf(err))
				}
				if s, _ := res.Step("ask"); s.Note("exit_reason") != "timeout" {
					t.Errorf("notes %v", s.Metadata())
				}
			})
		})
	}
}

func TestARunThatWaitsCanBeCancelledAndResumed(t *testing.T) {
	t.Parallel()
	n := 0
	s := weir.Then(counted("before", &n, same[string]), human.Ask[string, string]("ask", human.Text[string]("well?")))
	store := journal.NewMemory()
	p, err := weir.Compile(s, &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x", weir.ID("one"))
	if err != nil {
		t.Fatal(err)
	}
	id := waited(t, r).Pending[0].ID
	r.Cancel(errors.New("enough"))
	if _, err := r.Wait(t.Context()); !errors.Is(err, weir.ErrCanceled) || r.Status() != weir.Canceled {
		t.Errorf("status %v, error %v", r.Status(), err)
	}
	if err := r.Answer(t.Context(), id, "y"); err == nil {
		t.Error("a run that was cancelled takes an answer")
	}
	if r, err = p.Resume(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if err := r.Answer(t.Context(), waited(t, r).Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if res := waited(t, r); res.Output != "y" || n != 1 {
		t.Errorf("output %q, before ran %d times", res.Output, n)
	}
	if _, err := p.Resume(t.Context(), "one"); plan.CodeOf(err) != plan.CodeResume {
		t.Errorf("resuming a run that has ended: %v", err)
	}
	if _, err := p.Resume(t.Context(), "two"); !errors.Is(err, weir.ErrNotFound) {
		t.Errorf("resuming a run that there is not: %v", err)
	}
	out, err := p.Run(t.Context(), "other", weir.ID("one"))
	if err != nil || out != "y" || n != 1 {
		t.Errorf("the same id again: %q, %v; before ran %d times", out, err, n)
	}
}

func TestStateWrittenBeforeAPauseIsThereAfterIt(t *testing.T) {
	t.Parallel()
	key := state.NewKey[[]string]("log")
	add := func(name string) weir.Step[string, string] {
		return weir.Func(name, func(ctx context.Context, in string) (string, error) {
			key.Update(ctx, func(l []string) []string { return append(l, name) })
			return in, nil
		})
	}
	s := weir.Then3(add("a"), human.Ask[string, string]("ask", human.Text[string]("well?")), add("b"))
	r, res := started(t, s, "x", nil, weir.State(key.With([]string{"start"})))
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	got, _ := key.From(waited(t, r).State)
	if len(got) != 3 || got[0] != "start" || got[1] != "a" || got[2] != "b" {
		t.Errorf("log %v", got)
	}
}

func TestWhatDoesNotGoTogetherIsAMistake(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]weir.Step[string, string]{
		"no question":         human.Ask[string, string]("ask", nil),
		"negative":            human.Ask[string, string]("ask", human.Text[string]("?"), human.Within(-1)),
		"default, no time":    human.Ask[string, string]("ask", human.Text[string]("?"), human.Otherwise("x")),
		"default, wrong type": human.Ask[string, string]("ask", human.Text[string]("?"), human.Otherwise(7), human.Within(1)),
		"options of approval": human.Approve("ask", human.Text[string]("?"), human.Options("a")),
	} {
		if _, err := weir.Compile(s, nil); err == nil {
			t.Errorf("%s: no mistake", name)
		}
	}
}
