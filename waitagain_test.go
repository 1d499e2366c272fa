package weir_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"weak"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/usage"
)

var seen = state.NewKey[string]("seen")

// pays is a step that is not run twice.
func pays(t *testing.T) weir.Step[string, string] {
	ran := 0
	return weir.Func("spend", func(ctx context.Context, in string) (string, error) {
		if ran++; ran > 1 {
			t.Error("the step runs again")
		}
		seen.Set(ctx, in)
		return in + "!", usage.Report(ctx, usage.Usage{Requests: 3})
	})
}

// forgotten waits for a run and keeps nothing of its result but text.
func forgotten(t *testing.T, r *weir.Run[string]) (string, weak.Pointer[weir.Result[string]]) {
	t.Helper()
	res := rests(t, r)
	s, _ := res.Step("ask")
	return fmt.Sprint(res.ID, res.Status, res.Usage, res.Elapsed, res.Pending, res.Metrics.Executions, len(res.Steps), s.Note("question")) + fmt.Sprint(seen.From(res.State)), weak.Make(res)
}

func TestTheResultOfARunThatWaitsIsReadAgainWhenNobodyHasIt(t *testing.T) {
	t.Parallel()
	store := journal.NewMemory()
	p := compiled(t, weir.Then(pays(t), asks("ask")), &weir.Config{Journal: store})
	r, err := p.Start(t.Context(), "x", weir.ID("a"))
	begun(t, r, err)
	first, held := forgotten(t, r)
	runtime.GC()
	runtime.GC()
	if held.Value() != nil {
		t.Error("the run holds its result while it waits")
	}
	if again, _ := forgotten(t, r); again != first {
		t.Errorf("it was\n%s\nand is\n%s", first, again)
	}
	res := rests(t, r)
	if same := rests(t, r); same != res {
		t.Error("a result that somebody has was made again")
	}
	if got := len(begunEvents(r)); got != 6 {
		t.Errorf("%d events; reading tells nothing", got)
	}
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if res, err := r.Wait(t.Context()); err != nil || res.Output != "y" || res.Usage.Requests != 3 {
		t.Errorf("%v, %v, %v", res.Output, res.Usage, err)
	}
}

// begunEvents are the events of a run that rests.
func begunEvents(r *weir.Run[string]) (list []weir.Event) {
	for e := range r.Events() {
		list = append(list, e)
	}
	return list
}

func TestARunWhoseResultNobodyHasIsCancelledWithAllThatItDid(t *testing.T) {
	t.Parallel()
	p := compiled(t, weir.Then(pays(t), asks("ask")), nil)
	r, err := p.Start(t.Context(), "x")
	begun(t, r, err)
	forgotten(t, r)
	runtime.GC()
	runtime.GC()
	r.Cancel(nil)
	res, err := r.Wait(t.Context())
	if s, _ := res.Step("spend"); !errors.Is(err, weir.ErrCanceled) || res.Status != weir.Canceled || res.Usage.Requests != 3 || s.Count() != 1 || len(res.Pending) != 0 {
		t.Errorf("%v, %v, %v, the step ran %d times", res.Status, err, res.Usage, s.Count())
	}
}

func TestAResultThatCannotBeReadAgainIsAnErrorAndTheRunStays(t *testing.T) {
	t.Parallel()
	store := journal.NewMemory()
	p := compiled(t, weir.Then(pays(t), asks("ask", human.For("ada"))), &weir.Config{Journal: store})
	r, err := p.Start(t.Context(), "x", weir.ID("a"))
	begun(t, r, err)
	forgotten(t, r)
	runtime.GC()
	runtime.GC()
	claim, err := store.Claim(t.Context(), "a") // another has the run
	if err != nil {
		t.Fatal(err)
	}
	if res, err := r.Wait(t.Context()); res != nil || plan.CodeOf(err) != plan.CodeResume || r.Status() != weir.Paused || len(r.Pending()) != 1 {
		t.Errorf("%v, %v, %v, %v", res, err, r.Status(), r.Pending())
	}
	_ = store.Release(t.Context(), claim)
	if res := rests(t, r); len(res.Pending) != 1 || res.Pending[0].Assignees[0] != "ada" {
		t.Errorf("pending %v", res.Pending)
	}
}
