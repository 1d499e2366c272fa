package local

import (
	"slices"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// watched says that somebody takes the run's events.
func (r *run) watched() bool { return r.job != nil && r.job.Recorder != nil }

// blank gives an event of the strand to fill in and tell, of a step or, where site is nil, of the run. For a recorder that only borrows events it
// is always the same one, but where the pool is left out.
func (f *frame) blank(what telemetry.Type, site *plan.Site) *telemetry.Event {
	e := f.event
	switch {
	case !f.run.borrows || f.run.prog.Twins.Pool:
		e = &telemetry.Event{}
	case e == nil:
		e = &telemetry.Event{}
		f.event = e
	default:
		*e = telemetry.Event{}
	}
	if e.Type, e.Site = what, -1; site != nil {
		e.Path, e.Kind, e.Site = f.Path(site), site.Kind, site.Index
	}
	return e
}

// tell gives an event of an instant to the recorder; what that does wrong does not reach the run.
func (f *frame) tell(e *telemetry.Event, at int64) {
	defer func() { _ = recover() }()
	e.Run, e.At = f.run.job.ID, time.Duration(at-f.run.begun)
	f.run.job.Recorder.Event(f.strand, e)
	f.told(e)
}

// opened tells that the run begins.
func (f *frame) opened() {
	if f.watched {
		e := f.blank(telemetry.RunStarted, nil)
		if log := f.run.job.Journal; log != nil && log.Resumed() {
			e.Type = telemetry.RunResumed
		}
		f.tell(e, f.last)
	}
}

// finished tells how the run ended.
func (f *frame) finished(err error) {
	if !f.watched {
		return
	}
	e := f.blank(telemetry.RunCompleted, nil)
	e.Elapsed, e.Usage = time.Duration(f.last-f.run.begun), f.run.total()
	if err != nil {
		e.Type, e.Err, e.Error, e.Code = ending(err), err, err.Error(), string(plan.CodeOf(err))
	}
	f.tell(e, f.last)
}

// ending is how a run ended that returned err.
func ending(err error) telemetry.Type {
	switch {
	case err == nil:
		return telemetry.RunCompleted
	case plan.CodeOf(err) == plan.CodePaused:
		return telemetry.RunPaused
	}
	return telemetry.RunFailed
}

// summarise tells of the run that ends; what that does wrong does not reach it.
//
//go:noinline
func (f *frame) summarise(job *engine.Job, begun int64, err error) {
	defer func() { _ = recover() }()
	r, s := f.run, f.summary
	if s == nil {
		s = &telemetry.Summary{}
		if !r.prog.Twins.Pool {
			f.summary = s
		}
	}
	*s = telemetry.Summary{Run: job.ID, End: ending(err), Err: err, Elapsed: time.Duration(f.last - begun), Usage: r.total(),
		Sites: r.prog.Sites, Records: f.records, Begun: begun, Used: r.used()}
	job.Terms.Summaries.Summary(&r.main, s)
}

// used is what each step has used; nil where none has used anything.
func (r *run) used() map[int]usage.Usage {
	if r.notes.Load() == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return (&engine.Outcome{Details: r.notes.Load().details}).Used()
}

// started tells that a step begins.
//
//go:noinline
func (f *frame) started() {
	site := f.at.step().Site
	if site == nil {
		return
	}
	if log := f.run.job.Journal; log != nil && log.Replays() && log.Past(f.Key(site)) != nil {
		return // it began in an earlier part of the run
	}
	f.tell(f.blank(telemetry.StepStarted, site), f.at.begun)
}

// closed is the rest of the end of a step when somebody watches or usage was reported.
//
//go:noinline
func (f *frame) closed() error {
	site, begun := f.at.step().Site, f.at.begun
	var breach error
	if f.strand.unsettled() {
		breach = f.settle(site)
	}
	if f.watched {
		e := f.blank(telemetry.StepCompleted, site)
		e.Elapsed, e.Usage, e.Replayed = time.Duration(f.last-begun), f.usage(site), f.again()
		f.tell(e, f.last)
	}
	if breach == nil {
		return nil
	}
	return &plan.StepError{Path: f.Path(site), Kind: site.Kind, Attempt: 1, Code: plan.CodeOf(breach), Err: breach}
}

// total is what the run has used so far.
func (r *run) total() usage.Usage {
	if r.notes.Load() == nil {
		return usage.Usage{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.notes.Load().used
}

// usage is what a site's own work has used so far.
func (f *frame) usage(site *plan.Site) usage.Usage {
	if f.run.notes.Load() == nil {
		return usage.Usage{}
	}
	f.run.mu.Lock()
	defer f.run.mu.Unlock()
	if d := f.run.known(site.Index); d != nil {
		return d.Usage
	}
	return usage.Usage{}
}

// Note keeps a fact about a step.
func (f *frame) Note(at *plan.Site, key string, value any) {
	if !f.run.keep || at == nil {
		return
	}
	f.run.mu.Lock()
	defer f.run.mu.Unlock()
	d := f.run.detail(at.Index)
	if d.Notes == nil {
		d.Notes = map[string]any{}
	}
	switch more := value.(type) {
	case []string:
		if have, ok := d.Notes[key].([]string); ok {
			value = slices.Concat(have, more)
		}
	case bool:
		if key == plan.CacheHit { // the last one wins in the notes, and a run may have many
			d.Count(more)
		}
	}
	d.Notes[key] = value
}

// progressEvery is the least time between two events of progress in a run; the last one of a step always goes out.
const progressEvery = int64(50 * time.Millisecond)

// Progress tells how far a step has come. It may be called from several goroutines.
func (f *frame) Progress(at *plan.Site, done, total int) {
	if !f.watched || at == nil {
		return
	}
	now := clock()
	f.run.mu.Lock()
	b := f.run.books()
	due := done == total || now-b.progress >= progressEvery
	if due {
		b.progress = now
	}
	f.run.mu.Unlock()
	if due {
		f.tell(&telemetry.Event{Type: telemetry.StepProgress, Path: f.Path(at), Kind: at.Kind, Site: at.Index, Done: done, Total: total}, now)
	}
}

// Path gives the path of a site in this strand.
func (f *frame) Path(at *plan.Site) string {
	if at == nil {
		return ""
	}
	return at.Render(f.rounds)
}

// RunID is the run's id.
func (f *frame) RunID() string {
	if f.run.job == nil {
		return ""
	}
	return f.run.job.ID
}

// again says that the step which ends now was answered from the journal.
func (f *frame) again() bool {
	was := f.replayed
	f.replayed = false
	return was
}
