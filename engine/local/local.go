// Package local is the engine that runs a plan in this process: sequences inline on the caller's goroutine, branches and
// items on goroutines that all end before Drive returns.
//
// What a run costs was decided by measurement: the run itself is the context that steps see (one allocation), the frame with its
// records is pooled and never reachable from a context, the clock is read once a step, and one deferred call per sequence
// catches panics.
package local

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// Engine is the local engine. The zero value is ready; all values are alike.
type Engine struct{}

var _ engine.Engine = (*Engine)(nil)

// epoch is where the engine's clock starts. A difference to it is one read of the monotonic clock, which time.Now is not.
var epoch = time.Now()

// clock gives nanoseconds since the epoch.
func clock() int64 { return int64(time.Since(epoch)) }

// Drive runs p on in.
func (*Engine) Drive(ctx context.Context, p *plan.Program, in any, job *engine.Job, out *engine.Outcome) (any, error) {
	if out != nil || job != nil && !bare(job) {
		return drive(ctx, p, in, job, out)
	}
	r := &run{prog: p, errand: &unasked}
	if job != nil {
		r.errand = &summarised
	}
	r.main.parent, r.main.run = ctx, r
	if p.Twins.Cow {
		r.main.scope.Init(true)
	}
	begun := clock()
	f := r.frame(&r.main, 0, len(p.Sites), begun)
	v, err := f.steps(&r.main, p.Main, 0, in)
	if job != nil {
		f.summarise(job, begun, err)
	}
	f.release()
	return v, err
}

// bare says that a job asks for nothing but a summary.
func bare(job *engine.Job) bool {
	return job.Terms != nil && job.Terms.Bare && job.ID == "" && job.Recorder == nil && job.Journal == nil && job.Keeper == nil
}

// drive is Drive for a run that somebody watches, limits or asks about. Its frame is on the stack of every such run that waits, so what
// a run begins with is made elsewhere.
func drive(ctx context.Context, p *plan.Program, in any, job *engine.Job, out *engine.Outcome) (v any, err error) {
	r, err := begun(ctx, p, job, out)
	if err != nil {
		return nil, err
	}
	if l, ok := r.main.parent.(*limited); ok && r.parked == nil {
		defer l.cancel()
	}
	f := r.kept(out)
	f.opened()
	if err = r.limited(); err == nil {
		v, err = f.steps(&r.main, p.Main, 0, in)
	}
	if err == plan.ErrParked {
		return r.leave(f, out)
	}
	return r.finish(f, out, v, err)
}

// begun makes a run.
//
//go:noinline
func begun(ctx context.Context, p *plan.Program, job *engine.Job, out *engine.Outcome) (*run, error) {
	if job == nil {
		job = &engine.Job{}
	}
	own := errand{job: job, keep: out != nil || job.Journal != nil, chunks: telemetry.TakesChunks(job.Recorder), borrows: telemetry.Borrows(job.Recorder), begun: clock()}
	terms := job.Under()
	own.sums = terms.Summaries != nil
	r := asked(own, job.Keeper != nil && out != nil)
	r.prog = p
	if d := terms.Limits.Duration; d > 0 {
		ctx = within(ctx, d)
	}
	r.main.parent, r.main.run = ctx, r
	if p.Twins.Cow || len(terms.State) > 0 {
		r.main.scope.Init(p.Twins.Cow, terms.State...)
	}
	if job.Journal != nil {
		if err := r.main.scope.Apply(job.Journal.Begun()); err != nil {
			return nil, plan.Errorf(plan.CodeResume, "what the run began with no longer fits: %w", err)
		}
	}
	return r, nil
}

// limited gives the run its budget, if there are limits.
//
//go:noinline
func (r *run) limited() error {
	if r.job.Terms == nil {
		return nil
	}
	return r.main.limit(r.job.Terms.Limits)
}

// limited is the context of a run whose duration is limited.
type limited struct {
	context.Context
	cancel context.CancelFunc
}

// within limits how long a run takes.
func within(ctx context.Context, d time.Duration) *limited {
	l := &limited{}
	l.Context, l.cancel = context.WithTimeoutCause(ctx, d, &plan.Error{
		Code: plan.CodeDuration, Text: "the run took longer than its limit of " + d.String(),
	})
	return l
}

// finish tells how the run ended, and fills the outcome.
func (r *run) finish(f *frame, out *engine.Outcome, v any, err error) (any, error) {
	f.finished(err)
	if r.sums {
		f.summarise(r.job, r.begun, err)
	}
	if out != nil {
		r.report(f, out)
	}
	f.release()
	if l, ok := r.main.parent.(*limited); ok {
		l.cancel() // also of a run that has left the goroutine of drive
	}
	return v, err
}

// run is one execution of a program. It is allocated once and never pooled: it is reachable from the contexts that steps
// see, and a goroutine that outlives its step must not find another run there.
type run struct {
	main strand
	prog *plan.Program
	*errand
	mu    sync.Mutex
	notes atomic.Pointer[books] // nil: there is nothing to write down
}

// errand is what few runs have: somebody who asks for something beside the answer. Those who nobody asks share the zero value, which
// nobody writes to, so that a run is 96 bytes and not 112.
type errand struct {
	job   *engine.Job // nil: nobody asks
	begun int64
	keep  bool
	// sums says that what each step used is kept for a summary.
	sums bool
	// chunks says that somebody takes an answer in parts; told, that a part was told.
	chunks, told bool
	// borrows says that the recorder only borrows events.
	borrows bool
	parked  *parked // nil: the run has to end in the goroutine that drives it
}

// unasked is the errand of runs that nobody asks, summarised that of those which are only summed up.
var (
	unasked    errand
	summarised = errand{sums: true}
)

// asked makes a run with an errand of its own, and with what it needs to leave its goroutine, in one piece of memory.
func asked(own errand, leaves bool) *run {
	if !leaves {
		a := &struct {
			run
			own errand
		}{own: own}
		a.errand = &a.own
		return &a.run
	}
	a := &struct {
		run
		own  errand
		away parked
	}{own: own}
	a.own.parked = &a.away
	a.errand = &a.own
	return &a.run
}

// books are what a run writes down beside its records, made when there is something. The run's mu guards them.
type books struct {
	used     usage.Usage
	details  map[int]*engine.Detail
	progress int64 // when progress was last told
}

// kept gives the frame of a run: with records that the outcome keeps, if there is one, else with its own.
func (r *run) kept(out *engine.Outcome) *frame {
	if out == nil {
		return r.frame(&r.main, 0, len(r.prog.Sites), r.begun)
	}
	out.Records, out.Begun = make([]plan.Record, len(r.prog.Sites)), r.begun
	f := r.shared(&r.main, r.begun)
	f.records = out.Records
	return f
}

// report fills the outcome of a run that has ended.
func (r *run) report(f *frame, out *engine.Outcome) {
	out.Elapsed = time.Duration(f.last - r.begun)
	out.State = r.main.scope.Snapshot()
	r.mu.Lock()
	defer r.mu.Unlock()
	if b := r.notes.Load(); b != nil {
		out.Details, out.Usage = b.details, b.used
	}
}

// books gives the run's, made on first use. The caller holds mu.
func (r *run) books() *books {
	b := r.notes.Load()
	if b == nil {
		b = &books{progress: r.begun}
		r.notes.Store(b)
	}
	return b
}

// known gives the detail of a site, nil where there is none. The caller holds mu.
func (r *run) known(site int) *engine.Detail {
	b := r.notes.Load()
	if b == nil {
		return nil
	}
	return b.details[site]
}

// detail gives the detail of a site, made on first use. The caller holds mu.
func (r *run) detail(site int) *engine.Detail {
	b := r.books()
	if b.details == nil {
		b.details = map[int]*engine.Detail{}
	}
	d := b.details[site]
	if d == nil {
		d = &engine.Detail{}
		b.details[site] = d
	}
	return d
}
