package journal

import (
	"context"
	"time"

	"github.com/weirflow/weir/plan"
)

// Store keeps the records of runs. It is safe for use by several goroutines, and by several processes where it is shared.
//
// What Append was given and did not refuse must survive whatever the store promises to survive. Values go in and come out as
// copies: nobody who keeps using what was appended or loaded can change a record.
type Store interface {
	// Claim makes the caller the only one who may append to a run, known or not, until Release. The error is ErrHeld while
	// another has it. A store that processes share ends the claim of a holder who has not appended for too long.
	Claim(ctx context.Context, run string) (Claim, error)
	// Append adds records to the claimed run, all or none. Their Seq go on from the last without a gap. The list is the caller's
	// again when Append returns. The error is ErrLost when the claim has ended.
	Append(ctx context.Context, c Claim, records []Record) error
	// Release ends a claim. Releasing one that has ended does nothing.
	Release(ctx context.Context, c Claim) error
	// Load gives the records of a run, in order; none for a run that is not known.
	Load(ctx context.Context, run string) ([]Record, error)
	// List gives what runs there are, those that changed last first.
	List(ctx context.Context, f Filter) ([]Info, error)
	// Delete forgets a run. A claim on it ends. Deleting one that is not known does nothing.
	Delete(ctx context.Context, run string) error
}

// Claim is the right to append to a run. A later claim on the same run has a higher Fence.
type Claim struct {
	Run   string
	Fence int64
}

// Filter picks runs. The zero value picks all.
type Filter struct {
	// Status picks runs that stand so; plan.NotRun: all.
	Status plan.Status
	// Plan picks runs of the pipeline with this hash; empty: all.
	Plan string
	// Limit is how many to give at most; 0: 100.
	Limit int
	// Before picks runs that changed before this time; zero: all. It is for the next page.
	Before time.Time
}

// DefaultLimit is how many runs List gives when the Filter does not say.
const DefaultLimit = 100

// Info is what List tells of a run.
type Info struct {
	Run string `json:"run"`
	// Plan is the hash of the pipeline.
	Plan string `json:"plan"`
	// Status is plan.Running for a run that was cut off as well as for one that goes on; Held tells them apart.
	Status plan.Status `json:"status"`
	Held   bool        `json:"held,omitzero"`
	// Began is when the run started, Changed when its last record was written.
	Began   time.Time `json:"began"`
	Changed time.Time `json:"changed"`
	// Records is how many there are.
	Records int `json:"records"`
}

// Errors of stores; they compare by code with errors.Is.
var (
	// ErrHeld: another has claimed the run.
	ErrHeld = &plan.Error{Code: plan.CodeResume, Text: "the run is held by another who runs it; wait until it pauses or ends"}
	// ErrLost: the claim has ended, and another may have made one.
	ErrLost = &plan.Error{Code: plan.CodeJournal, Text: "the run's journal was claimed by another; this part of the run must stop"}
)

// StatusOf is how a run stands whose last record is of this type.
func StatusOf(last Type) plan.Status {
	switch last {
	case RunCompleted:
		return plan.Completed
	case RunFailed:
		return plan.Failed
	case RunCanceled:
		return plan.Canceled
	case RunPaused:
		return plan.Paused
	}
	return plan.Running
}
