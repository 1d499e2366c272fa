package local

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// borrowing is a recorder that keeps nothing.
type borrowing struct{}

func (borrowing) Event(context.Context, *telemetry.Event)     {}
func (borrowing) Borrows() bool                               { return true }
func (borrowing) Summary(context.Context, *telemetry.Summary) {}
func (borrowing) Events() bool                                { return true }

func TestAFrameThatIsGivenBackHoldsNothingOfWhatItTold(t *testing.T) {
	t.Parallel()
	job := &engine.Job{ID: "run", Recorder: borrowing{}, Terms: &engine.Terms{Summaries: borrowing{}}}
	r := asked(errand{job: job, borrows: true}, false)
	r.prog = &plan.Program{}
	f := r.frame(&r.main, 0, 3, clock())
	f.finished(errors.New("boom"))
	f.summarise(job, 0, errors.New("boom"))
	e, s := f.event, f.summary
	f.release()
	if e.Run != "" || e.Err != nil || s.Run != "" || s.Err != nil || s.Records != nil {
		t.Errorf("the event is %+v, the summary %+v", e, s)
	}
}
