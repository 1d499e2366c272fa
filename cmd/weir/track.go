package main

import (
	"context"
	"sync"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// progress is what a view knows about a step.
type progress struct {
	status   plan.Status
	begun    time.Time
	elapsed  time.Duration
	count    int
	failures int
	retries  int
	done     int
	total    int
	usage    usage.Usage
	problem  string
}

// track follows a run, step by step. It is safe for use by several goroutines.
type track struct {
	mu    sync.Mutex
	sites []*plan.Site
	steps []progress
	begun time.Time
	// told is called for every event, with mu held. Nil: nobody.
	told func(e *telemetry.Event, s *plan.Site, p *progress)
}

func (t *track) begin(p *plan.Program) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sites, t.steps, t.begun = p.Sites, make([]progress, len(p.Sites)), time.Now()
}

// Borrows is true: an event is counted.
func (*track) Borrows() bool { return true }

// Event takes an event.
func (t *track) Event(_ context.Context, e *telemetry.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Type == telemetry.RunResumed { // what was done is told again
		clear(t.steps)
	}
	if e.Site < 0 {
		return
	}
	p := &t.steps[e.Site]
	switch e.Type {
	case telemetry.StepStarted:
		p.status, p.begun = plan.Running, time.Now()
	case telemetry.StepProgress:
		p.done, p.total = max(p.done, e.Done), e.Total
	case telemetry.StepRetry:
		p.retries++
		p.problem = e.Error
	case telemetry.StepCompleted:
		p.status, p.problem = plan.Completed, ""
		p.count++
		p.elapsed += e.Elapsed
		p.usage = e.Usage
	case telemetry.StepPaused:
		p.status = plan.Paused
	case telemetry.StepFailed:
		p.status, p.problem = plan.Failed, e.Error
		if canceled(e) {
			p.status = plan.Canceled
		}
		p.count++
		p.failures++
		p.elapsed += e.Elapsed
		p.usage = e.Usage
	}
	if t.told != nil {
		t.told(e, t.sites[e.Site], p)
	}
}

// canceled says that a step was stopped from outside: that is not its failure.
func canceled(e *telemetry.Event) bool {
	return e.Code == string(plan.CodeCanceled) || e.Code == string(plan.CodeDuration)
}

// below sums what the steps at and below a site have used. The caller holds mu.
func (t *track) below(s *plan.Site) usage.Usage {
	var sum usage.Usage
	for i := s.Index; i < s.End; i++ {
		sum = sum.Add(t.steps[i].usage)
	}
	return sum
}

// hidden says that a site is not shown by itself: it runs once an item of a map.
func hidden(s *plan.Site) bool {
	for p := s.Parent; p != nil; p = p.Parent {
		if p.Kind == "map" {
			return true
		}
	}
	return false
}

// depth is how many sites stand round s.
func depth(s *plan.Site) int {
	n := 0
	for p := s.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

// state is how a step stands; a sequence stands as its steps do. The caller holds mu.
func (t *track) state(s *plan.Site) plan.Status {
	if !s.Derived {
		return t.steps[s.Index].status
	}
	status, all := plan.NotRun, true
	for i := s.Index + 1; i < s.End; i = t.sites[i].End {
		switch st := t.state(t.sites[i]); st {
		case plan.Failed:
			return plan.Failed
		case plan.Running:
			status = plan.Running
		case plan.NotRun:
			all = false
		default:
			if status == plan.NotRun {
				status = st
			}
		}
	}
	if status == plan.Completed && !all {
		return plan.Running
	}
	return status
}
