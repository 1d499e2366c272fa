package weirtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// Outcome compiles and runs a pipeline and gives everything that became of it as text: each step's record, facts and failures, the
// answer with its types, the error, the state, the usage, and the events of each place in their order. It holds no times, ids or
// addresses, and nothing about the order of what runs at the same time, so that two runs can be compared. Events of progress are
// left out, since how many there are depends on time. A pipeline that does not compile fails the test.
func Outcome[I, O any](t testing.TB, s weir.Step[I, O], c *weir.Config, in I, opts ...weir.RunOption) string {
	t.Helper()
	return outcome(t, s, c, func(p *weir.Plan[I, O]) (*weir.Result[O], error) { return p.Execute(t.Context(), in, opts...) })
}

// OutcomeStarted is Outcome of a run that is started to run by itself, so that it may leave its goroutine while it waits.
func OutcomeStarted[I, O any](t testing.TB, s weir.Step[I, O], c *weir.Config, in I, opts ...weir.RunOption) string {
	t.Helper()
	return outcome(t, s, c, func(p *weir.Plan[I, O]) (*weir.Result[O], error) {
		r, err := p.Start(t.Context(), in, opts...)
		if err != nil {
			return nil, err
		}
		return r.Wait(t.Context())
	})
}

// outcome is Outcome of a run that run makes.
func outcome[I, O any](t testing.TB, s weir.Step[I, O], c *weir.Config, run func(*weir.Plan[I, O]) (*weir.Result[O], error)) string {
	t.Helper()
	config := weir.Config{}
	if c != nil {
		config = *c
	}
	seen := &places{also: config.Telemetry}
	config.Telemetry = seen
	p, err := weir.Compile(s, &config)
	if err != nil {
		t.Fatalf("the pipeline does not compile: %v", err)
	}
	r, err := run(p)
	if r == nil {
		t.Fatalf("the run did not begin: %v", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "plan %s\n", p.Hash())
	for _, s := range r.Steps {
		record(&b, s)
	}
	b.WriteString(answered(r.Output, err))
	fmt.Fprintf(&b, "status %v, %s, executions %d, retries %d\n", r.Status, used(r.Usage), r.Metrics.Executions, r.Metrics.Retries)
	for name, value := range r.State.All() {
		fmt.Fprintf(&b, "state %s: %s\n", name, dump(value))
	}
	b.WriteString(seen.text())
	return b.String()
}

// answered is the answer and the error of a run.
func answered(out any, err error) string {
	if err != nil {
		return fmt.Sprintf("output %s\nerror %v\n", dump(out), err)
	}
	return fmt.Sprintf("output %s\n", dump(out))
}

// record writes what became of a step and of those below it. Of a step with several executions only what is counted is
// written: which of those that ran at the same time was the last is a matter of time.
func record(b *strings.Builder, s weir.StepResult) {
	fmt.Fprintf(b, "%s (%s) %v x%d, %d failed, %s\n", s.Path(), s.Kind(), s.Status(), s.Count(), s.Failures(), used(s.Usage()))
	if s.Count() == 1 {
		facts(b, s)
	}
	for _, c := range s.Steps() {
		record(b, c)
	}
}

// facts writes what is known of one execution.
func facts(b *strings.Builder, s weir.StepResult) {
	if n := s.Attempts(); n > 1 {
		fmt.Fprintf(b, "  attempts: %d\n", n)
	}
	notes := s.Metadata()
	for _, key := range slices.Sorted(maps.Keys(notes)) {
		fmt.Fprintf(b, "  %s: %s\n", key, dump(notes[key]))
	}
	if err := s.Err(); err != nil {
		fmt.Fprintf(b, "  failed: %v, beside it %s\n", err, dump(s.Output()))
	}
}

// used is a usage in short.
func used(u usage.Usage) string {
	if u.IsZero() {
		return "no usage"
	}
	return fmt.Sprintf("usage %+v", u)
}

// places takes the events of a run, for each path those that are there.
type places struct {
	also telemetry.Recorder
	mu   sync.Mutex
	at   map[string][]string
}

// Event takes one event.
func (p *places) Event(ctx context.Context, e *telemetry.Event) {
	if p.also != nil {
		p.also.Event(ctx, e)
	}
	if e.Type == telemetry.StepProgress {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string][]string{}
	}
	p.at[e.Path] = append(p.at[e.Path], fmt.Sprintf("%s %s attempt %d, %s %s %s", e.Type, e.Kind, e.Attempt, used(e.Usage), e.Code, e.Error))
}

// text is the events, place by place.
func (p *places) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(p.at)) {
		for _, event := range p.at[path] {
			fmt.Fprintf(&b, "event %s: %s\n", path, event)
		}
	}
	return b.String()
}
