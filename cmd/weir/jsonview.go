package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// jsonView prints every event as a line of JSON. It writes before the step goes on, so that no event is lost; a reader that is
// slow slows the run.
type jsonView struct {
	out   io.Writer
	items bool

	mu     sync.Mutex
	buffer *bufio.Writer
	inside []bool // by site: it stands inside a map
}

func (v *jsonView) begin(p *plan.Program) {
	v.buffer = bufio.NewWriterSize(v.out, 64<<10)
	v.inside = insideMaps(p)
}

// Chunks says that answers are taken in parts.
func (*jsonView) Chunks() bool { return true }

// Borrows is true: an event is written, or passed over.
func (*jsonView) Borrows() bool { return true }

// insideMaps says for each site whether it runs once an item of some map.
func insideMaps(p *plan.Program) []bool {
	inside := make([]bool, len(p.Sites))
	for i, s := range p.Sites {
		inside[i] = s.Parent != nil && (s.Parent.Kind == "map" || inside[s.Parent.Index])
	}
	return inside
}

// Event prints an event, but for the run's end, which finish prints with the output.
func (v *jsonView) Event(_ context.Context, e *telemetry.Event) {
	switch e.Type {
	case telemetry.RunCompleted, telemetry.RunFailed, telemetry.RunPaused:
		return
	}
	if e.Replayed || e.Site >= 0 && v.inside[e.Site] && !v.items {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	json.NewEncoder(v.buffer).Encode(e)
	if e.Site < 0 || !v.inside[e.Site] {
		v.buffer.Flush()
	}
}

// last is the last line of a run.
type last struct {
	Type    telemetry.Type    `json:"type"`
	Run     string            `json:"run,omitzero"`
	Status  string            `json:"status,omitzero"`
	Output  any               `json:"output"`
	Usage   usage.Usage       `json:"usage"`
	Steps   []weir.StepResult `json:"steps"`
	Pending []weir.Request    `json:"pending,omitempty"`
	Metrics weir.Metrics      `json:"metrics"`
	State   any               `json:"context,omitempty"`
	Error   *problem          `json:"error,omitempty"`
}

// problem is a failure in the last line.
type problem struct {
	Text string    `json:"text"`
	Code plan.Code `json:"code,omitzero"`
	Path string    `json:"path,omitzero"`
	// Errors are those of a pipeline that does not load.
	Errors []*blueprint.Error `json:"errors,omitempty"`
}

func (v *jsonView) finish(r *weir.Result[any], err error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := last{Type: telemetry.RunCompleted, Run: r.ID, Status: r.Status.String(), Output: r.Output, Usage: r.Usage,
		Steps: r.Steps, Pending: r.Pending, Metrics: r.Metrics, State: r.State}
	if l.Steps == nil {
		l.Steps = []weir.StepResult{}
	}
	if err != nil {
		l.Type = telemetry.RunFailed
		if r.Status == weir.Paused {
			l.Type = telemetry.RunPaused
		}
		l.Error = described(err)
	}
	if eerr := json.NewEncoder(v.buffer).Encode(l); eerr != nil {
		return eerr
	}
	return v.buffer.Flush()
}

// refused prints the last line for a pipeline that did not load.
func refused(w io.Writer, err error) error {
	p := described(err)
	p.Errors = mistakes(err)
	return json.NewEncoder(w).Encode(last{Type: telemetry.RunFailed, Status: "failed", Steps: []weir.StepResult{}, Error: p})
}
