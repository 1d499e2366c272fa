package weir_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// breaking is a journal in memory that refuses every write after some.
type breaking struct {
	*journal.Memory
	left int
}

var errFull = errors.New("disk full")

func (b *breaking) Append(ctx context.Context, c journal.Claim, records []journal.Record) error {
	if b.left--; b.left < 0 {
		return errFull
	}
	return b.Memory.Append(ctx, c, records)
}

func TestB149ARunWhoseJournalFailedGoesOnUnderItsID(t *testing.T) {
	t.Parallel()
	var ran []string
	work := func(name string) weir.Step[string, string] {
		return weir.Func(name, func(_ context.Context, in string) (string, error) {
			ran = append(ran, name)
			return in + name, nil
		}).With(retry.UpTo(3))
	}
	store := &breaking{Memory: journal.NewMemory(), left: 2}
	p, err := weir.Compile(weir.Then3(work("a"), work("b"), work("c")), &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "", weir.ID("run"))
	step, _ := errors.AsType[*weir.StepError](err)
	if !errors.Is(err, errFull) || plan.CodeOf(err) != plan.CodeJournal || step == nil || step.Path != "b" || r.Status != weir.Failed {
		t.Fatalf("status %v, error %v", r.Status, err)
	}
	store.left = 100
	out, err := p.Run(t.Context(), "", weir.ID("run"))
	if err != nil || out != "abc" || !slices.Equal(ran, []string{"a", "b", "b", "c"}) {
		t.Errorf("output %q, error %v, ran %v", out, err, ran)
	}
}

func TestARunIsNotResumedByAnotherPipeline(t *testing.T) {
	t.Parallel()
	store := journal.NewMemory()
	ask := human.Ask[string, string]("ask", human.Text[string]("well?"))
	one, err := weir.Compile(ask, &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	other, err := weir.Compile(ask.Named("other"), &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := one.Execute(t.Context(), "x", weir.ID("run")); err != nil || r.Status != weir.Paused {
		t.Fatal(r.Status, err)
	}
	if _, err := other.Resume(t.Context(), "run"); plan.CodeOf(err) != plan.CodeResume {
		t.Errorf("error %v", err)
	}
	if _, err := one.Resume(t.Context(), "run"); err != nil {
		t.Errorf("its own pipeline: %v", err)
	}
}

func TestSwitchingOptimisationsDoesNotOrphanARun(t *testing.T) {
	t.Parallel()
	store := journal.NewMemory()
	s := weir.Then(weir.Func("a", func(_ context.Context, in string) (string, error) { return in + "a", nil }),
		human.Ask[string, string]("ask", human.Text[string]("well?")))
	begun, err := weir.Compile(s, &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := begun.Execute(t.Context(), "x", weir.ID("run")); err != nil || r.Status != weir.Paused {
		t.Fatal(r.Status, err)
	}
	resumed, err := weir.Compile(s, &weir.Config{Journal: store, Without: []string{"all"}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := resumed.Run(t.Context(), "x", weir.ID("run"), weir.Answers(func(context.Context, weir.Request) (any, error) { return "y", nil }))
	if err != nil || out != "y" {
		t.Errorf("output %q, error %v", out, err)
	}
}

func TestTheIdempotencyKeyIsTheSameInEveryAttemptAndResumption(t *testing.T) {
	t.Parallel()
	var keys []string
	flaky := weir.Func("flaky", func(ctx context.Context, in string) (string, error) {
		keys = append(keys, journal.IdempotencyKey(ctx))
		if len(keys) < 4 {
			return "", errors.New("again")
		}
		return in, nil
	}).With(retry.UpTo(2))
	p, err := weir.Compile(flaky, &weir.Config{Journal: &breaking{Memory: journal.NewMemory(), left: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), "x", weir.ID("run")); plan.CodeOf(err) != plan.CodeJournal {
		t.Fatal(err)
	}
	q, err := weir.Compile(flaky, nil)
	if err != nil {
		t.Fatal(err)
	}
	if keys[0] == "" || keys[0] != keys[1] {
		t.Errorf("keys %q", keys)
	}
	_, _ = q.Run(t.Context(), "x", weir.ID("run"))
	if keys[2] != "" {
		t.Errorf("a run without a journal has the key %q", keys[2])
	}
}

func TestAPlanWithoutAJournalHasNoRecorder(t *testing.T) {
	t.Parallel()
	s := weir.Func("a", func(_ context.Context, in string) (string, error) { return in, nil })
	for want, c := range map[bool]*weir.Config{false: nil, true: {Journal: journal.NewMemory()}} {
		p, err := weir.Compile(s, c)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(p.Program().Sites[0].Layers, "record"); got != want {
			t.Errorf("recorder %v, want %v", got, want)
		}
	}
}

// heard collects events.
type heard struct {
	mu   sync.Mutex
	list []telemetry.Event
}

func (h *heard) Event(_ context.Context, e *telemetry.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, *e)
}

func TestAResumedRunTellsWhatIsNewAndMarksWhatIsNot(t *testing.T) {
	t.Parallel()
	h := &heard{}
	s := weir.Then3(weir.Func("a", func(_ context.Context, in string) (string, error) { return in, nil }),
		human.Ask[string, string]("ask", human.Text[string]("well?")),
		weir.Func("b", func(_ context.Context, in string) (string, error) { return in, nil }))
	p, err := weir.Compile(s, &weir.Config{Telemetry: h})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"run.started", "step.started a", "step.completed a", "step.started ask", "step.paused ask", "run.paused",
		"run.resumed", "step.completed a again", "step.started ask", "step.completed ask", "step.started b", "step.completed b", "run.completed"}
	var got []string
	for _, e := range h.list {
		text := string(e.Type)
		if e.Path != "" {
			text += " " + e.Path
		}
		if e.Replayed {
			text += " again"
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("events\n%q, want\n%q", got, want)
	}
	n := 0
	for range r.Events() {
		n++
	}
	if n != len(want) {
		t.Errorf("the handle tells %d events, want %d", n, len(want))
	}
}

func TestTheDurationOfARunDoesNotCountItsWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wait := func(name string) weir.Step[string, string] {
			return weir.Func(name, func(ctx context.Context, in string) (string, error) {
				select {
				case <-time.After(40 * time.Second):
					return in, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			})
		}
		p, err := weir.Compile(weir.Then3(wait("a"), human.Ask[string, string]("ask", human.Text[string]("well?")), wait("b")),
			&weir.Config{Limits: usage.Limits{Duration: time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Start(t.Context(), "x")
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
			t.Fatal(err)
		}
		if res, err = r.Wait(t.Context()); !errors.Is(err, weir.ErrDuration) || res.Elapsed != time.Minute {
			t.Errorf("elapsed %v, error %v: 40 s before the wait and 20 s after it are a minute", res.Elapsed, err)
		}
	})
}

func TestB148CancellationStopsABranchAndTheRunGoesOnFromThere(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	ran := map[string]int{}
	gate := make(chan struct{})
	work := func(name string, wait bool) weir.Step[string, string] {
		return weir.Func(name, func(ctx context.Context, in string) (string, error) {
			mu.Lock()
			ran[name]++
			first := ran[name] == 1
			mu.Unlock()
			if wait && first {
				<-gate
				<-ctx.Done()
				return "", ctx.Err()
			}
			if name == "quick" {
				close(gate)
			}
			return in + name, nil
		})
	}
	p, err := weir.Compile(parallel.All("p", work("quick", false), work("slow", true)), &weir.Config{Journal: journal.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "", weir.ID("run"))
	if err != nil {
		t.Fatal(err)
	}
	<-gate
	for e := range r.Events() {
		if e.Type == telemetry.StepCompleted && e.Path == "p/quick" {
			break
		}
	}
	r.Cancel(nil)
	if _, err := r.Wait(t.Context()); !errors.Is(err, weir.ErrCanceled) {
		t.Fatal(err)
	}
	r, err = p.Resume(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.Wait(t.Context())
	if err != nil || !slices.Equal(res.Output, []string{"quick", "slow"}) || ran["quick"] != 1 || ran["slow"] != 2 {
		t.Errorf("output %v, error %v, ran %v", res.Output, err, ran)
	}
}

// noting is a hook that notes what it is told.
type noting struct{ list []string }

func (n *noting) add(what string) error { n.list = append(n.list, what); return nil }

func (n *noting) PreRun(context.Context, hook.Run) error { return n.add("pre_run") }
func (n *noting) PostRun(_ context.Context, e hook.RunEnd) error {
	return n.add("post_run " + e.Status.String())
}
func (n *noting) OnPause(context.Context, hook.RunEnd) error   { return n.add("on_pause") }
func (n *noting) PreStep(_ context.Context, s hook.Step) error { return n.add("pre_step " + s.Path) }
func (n *noting) PostStep(_ context.Context, s hook.StepEnd) error {
	return n.add("post_step " + s.Path)
}

func TestAResumedRunDoesNotTellHooksAgain(t *testing.T) {
	t.Parallel()
	h := &noting{}
	ask := human.Ask[string, string]("ask", human.Text[string]("well?"))
	done := weir.Func("done", func(_ context.Context, in string) (string, error) { return in, nil })
	p, err := weir.Compile(weir.Then3(done.Named("first"), weir.Then(ask, done).Named("group").With(retry.UpTo(2)), done.Named("last")), &weir.Config{Hooks: []hook.Hook{h}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"pre_run", "pre_step first", "post_step first", "pre_step group", "on_pause", "post_run paused",
		"post_step group", "pre_step last", "post_step last", "post_run completed"}
	if !slices.Equal(h.list, want) {
		t.Errorf("told\n%q, want\n%q", h.list, want)
	}
}
