//go:build weirdebug

package local

import (
	"context"
	"testing"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

func TestAFrameThatIsWrittenToAfterItsRunIsCaught(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(f *frame, records []plan.Record){
		"nothing":  func(*frame, []plan.Record) {},
		"a record": func(_ *frame, records []plan.Record) { records[2].Count++ },
		"a round":  func(f *frame, _ []plan.Record) { f.rounds = append(f.rounds, 3) },
		"a clock":  func(f *frame, _ []plan.Record) { f.last = clock() },
		"an event": func(f *frame, _ []plan.Record) { f.event.Text = "x" },
		"a retry":  func(f *frame, _ []plan.Record) { f.tries = append(f.tries, retry{}) },
	} {
		r := &run{prog: &plan.Program{}, errand: &unasked}
		f := r.frame(&r.main, 0, 4, clock())
		f.rounds, f.tries = append(f.rounds, 1), append(f.tries, retry{site: 1})
		records := f.records
		f.event = &telemetry.Event{}
		f.release()
		if records[2].Count == 0 || f.run != nil {
			t.Errorf("%s: the frame is not poisoned", name)
		}
		write(f, records)
		caught := func() (caught bool) {
			defer func() { caught = recover() != nil }()
			f.taken()
			return false
		}()
		if caught != (name != "nothing") {
			t.Errorf("%s: caught is %v", name, caught)
		}
	}
}

// keeping keeps events, although it says that it does not.
type keeping struct{ list []*telemetry.Event }

func (k *keeping) Event(_ context.Context, e *telemetry.Event) { k.list = append(k.list, e) }
func (*keeping) Borrows() bool                                 { return true }

func TestAnEventThatIsKeptAlthoughItWasBorrowedIsPoisoned(t *testing.T) {
	t.Parallel()
	k := &keeping{}
	r := asked(errand{job: &engine.Job{Recorder: k}, borrows: true}, false)
	r.prog = &plan.Program{}
	f := r.frame(&r.main, 0, 0, clock())
	f.opened()
	if len(k.list) != 1 || *k.list[0] != poisonedEvent {
		t.Errorf("%+v", k.list)
	}
}

func TestAFrameThatIsReleasedTwiceIsCaught(t *testing.T) {
	t.Parallel()
	r := &run{prog: &plan.Program{}, errand: &unasked}
	f := r.frame(&r.main, 0, 1, clock())
	f.release()
	defer func() {
		if recover() == nil {
			t.Error("nothing was said")
		}
	}()
	f.release()
}
