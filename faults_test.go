package weir_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
)

// faulty is a journal in memory one call of which goes wrong.
type faulty struct {
	journal.Memory
	mu    sync.Mutex
	calls int
	// at is the number of the call that goes wrong, how in which way: before it did anything, after it did, or by a panic.
	at  int
	how string
	// what is the method that was hit.
	what string
}

var errFault = errors.New("the disk is gone")

// call makes one call.
func (f *faulty) call(method string, do func() error) error {
	f.mu.Lock()
	f.calls++
	hit := f.calls == f.at
	if hit {
		f.what = method
	}
	f.mu.Unlock()
	if hit && f.how == "panic" {
		panic("boom")
	}
	if hit && f.how == "before" {
		return errFault
	}
	if err := do(); err != nil || !hit {
		return err
	}
	return errFault
}

func (f *faulty) Claim(ctx context.Context, run string) (c journal.Claim, err error) {
	err = f.call("Claim", func() error { c, err = f.Memory.Claim(ctx, run); return err })
	return c, err
}

func (f *faulty) Append(ctx context.Context, c journal.Claim, records []journal.Record) error {
	return f.call("Append", func() error { return f.Memory.Append(ctx, c, records) })
}

func (f *faulty) Release(ctx context.Context, c journal.Claim) error {
	return f.call("Release", func() error { return f.Memory.Release(ctx, c) })
}

func (f *faulty) Load(ctx context.Context, run string) (records []journal.Record, err error) {
	err = f.call("Load", func() error { records, err = f.Memory.Load(ctx, run); return err })
	return records, err
}

// wrong judges an error of a call to weir: it comes of the fault, and names the run.
func (f *faulty) wrong(t *testing.T, err error) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	code := plan.CodeOf(err)
	held := errors.Is(err, journal.ErrHeld) && (f.what == "Release" || f.what == "Claim") // another store would end the claim after a while
	if !held && (code != plan.CodeJournal || !errors.Is(err, errFault) && f.how != "panic") || !strings.Contains(err.Error(), "run-7") {
		t.Errorf("%s, call %d (%s): %v (%s)", f.how, f.at, f.what, err, code)
	}
}

// free ends a claim that could not be given up, as a store does after a while.
func (f *faulty) free(t *testing.T) {
	t.Helper()
	for fence := int64(1); fence < 20; fence++ {
		_ = f.Memory.Release(t.Context(), journal.Claim{Run: "run-7", Fence: fence})
	}
}

// faults runs test with each call of a store going wrong in each way, until a run needs no more calls.
func faults(t *testing.T, test func(t *testing.T, f *faulty, p *weir.Plan[string, string], d *doings)) {
	t.Helper()
	for _, how := range []string{"before", "after", "panic"} {
		for at := 1; at < 100; at++ {
			d, f := &doings{}, &faulty{at: at, how: how}
			ask := func(name string) weir.Step[string, string] {
				return human.Ask[string, string](name, human.Text[string]("well?"))
			}
			both := parallel.Join2("both", weir.Then(ask("ask"), d.step("b", 0, nil)).Named("asks"), d.step("c", 0, nil),
				func(_ context.Context, a, b string) (string, error) { return a + b, nil })
			p, err := weir.Compile(weir.Then3(d.step("a", 0, nil), both, ask("again")), &weir.Config{Journal: f})
			if err != nil {
				t.Fatal(err)
			}
			test(t, f, p, d)
			for name, n := range d.ran { // one whose record was refused is run once more
				if n > 2 || n > 1 && f.what != "Append" {
					t.Errorf("%s, call %d (%s): %s ran %d times", how, at, f.what, name, n)
				}
			}
			records, err := f.Memory.Load(t.Context(), "run-7")
			seen := map[string]bool{}
			for _, r := range records {
				if key := string(r.Type) + r.Key; r.Key != "" && seen[key] {
					t.Errorf("%s, call %d (%s): %s is recorded twice", how, at, f.what, key)
				} else {
					seen[key] = true
				}
			}
			if err != nil || !seen[string(journal.RunCompleted)] {
				t.Errorf("%s, call %d (%s): the run did not end: %v", how, at, f.what, err)
			}
			if f.calls < at {
				break
			}
		}
	}
}

func TestAStoreThatFailsAtAnyCallCostsNoStepAndHoldsNoRun(t *testing.T) {
	t.Parallel()
	faults(t, func(t *testing.T, f *faulty, p *weir.Plan[string, string], _ *doings) {
		for range 4 {
			out, err := p.Run(t.Context(), "in", weir.ID("run-7"), weir.Answers(func(context.Context, weir.Request) (any, error) { return "y", nil }))
			if err == nil {
				if out != "y" {
					t.Errorf("output %q", out)
				}
				return
			}
			f.wrong(t, err)
			f.free(t)
		}
		t.Errorf("%s, call %d (%s): it does not end", f.how, f.at, f.what)
	})
}

func TestAHandleOutlivesAStoreThatFailsAtAnyCall(t *testing.T) {
	t.Parallel()
	faults(t, func(t *testing.T, f *faulty, p *weir.Plan[string, string], _ *doings) {
		var r *weir.Run[string]
		for range 20 {
			if r == nil {
				var err error
				if r, err = p.Start(t.Context(), "in", weir.ID("run-7")); err != nil {
					f.wrong(t, err)
					f.free(t)
					continue
				}
			}
			res, err := r.Wait(t.Context())
			switch {
			case err != nil:
				f.wrong(t, err)
				f.free(t)
				r = nil
			case res.Status == weir.Completed:
				return
			default:
				if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil && plan.CodeOf(err) != plan.CodeAnswered {
					f.wrong(t, err)
					f.free(t)
				} else if err != nil {
					r = nil // it was stored, although the store did not say so
				}
			}
		}
		t.Errorf("%s, call %d (%s): it does not end", f.how, f.at, f.what)
	})
}
