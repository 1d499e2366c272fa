package human_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
)

func TestB006APauseIsNoFailedResult(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(human.Ask[string, string]("ask", human.Text[string]("well?")), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Execute(t.Context(), "x")
	step, _ := res.Step("ask")
	if err != nil || res.Status != weir.Paused || step.Status() != weir.Paused || step.Failures() != 0 {
		t.Errorf("status %v, step %v with %d failures, error %v", res.Status, step.Status(), step.Failures(), err)
	}
	if _, err := p.Run(t.Context(), "x"); !errors.Is(err, weir.ErrPaused) {
		t.Errorf("error %v", err)
	}
}

func TestB065AFallbackThatPausesPausesTheRun(t *testing.T) {
	t.Parallel()
	calls := 0
	broken := weir.Func("broken", func(context.Context, string) (string, error) {
		calls++
		return "", errors.New("boom")
	})
	r, res := started(t, fallback.To(broken, human.Ask[string, string]("ask", human.Text[string]("well?"))), "x", nil)
	if res.Status != weir.Paused {
		t.Fatalf("status %v", res.Status)
	}
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	res = waited(t, r)
	step, _ := res.Step("broken")
	if res.Output != "y" || calls != 1 || step.Ran() != "ask" || step.Note("fallback_triggered") != true {
		t.Errorf("output %q, %d calls, ran %s, notes %v", res.Output, calls, step.Ran(), step.Metadata())
	}
}

func TestB124SinkToKeepsTheAnswerAtItsPath(t *testing.T) {
	t.Parallel()
	key := state.NewKey[map[string]any]("review")
	s := human.Ask[string, string]("ask", human.Text[string]("well?")).With(sink.To("review.answer"))
	r, res := started(t, s, "x", nil, weir.State(key.With(map[string]any{})))
	if err := r.Answer(t.Context(), res.Pending[0].ID, "fine"); err != nil {
		t.Fatal(err)
	}
	if got, _ := key.From(waited(t, r).State); got["answer"] != "fine" {
		t.Errorf("state %v", got)
	}
}

func TestASiblingThatEndsTheRunWithdrawsTheRequest(t *testing.T) {
	t.Parallel()
	s := parallel.All("p", human.Ask[string, string]("ask", human.Text[string]("well?")),
		weir.Func("over", func(context.Context, string) (string, error) { return "", weir.ErrBudget }))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.Wait(t.Context())
	if !errors.Is(err, weir.ErrBudget) || res.Status != weir.Failed || r.Pending() != nil {
		t.Errorf("status %v, error %v, pending %v", res.Status, err, r.Pending())
	}
}

func TestLayersRoundAStepThatWaitsLetThePauseThrough(t *testing.T) {
	t.Parallel()
	s := human.Ask[string, string]("ask", human.Text[string]("well?")).With(timeout.After(1 << 40))
	r, res := started(t, s, "x", nil)
	if res.Status != weir.Paused {
		t.Fatalf("status %v", res.Status)
	}
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if res = waited(t, r); res.Output != "y" {
		t.Errorf("output %q", res.Output)
	}
}
