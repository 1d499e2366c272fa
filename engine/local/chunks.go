package local

import (
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// Chunks gives what takes the parts of a step's output, nil where nobody waits for them. Only one site of a plan streams, in the
// run's main strand and once a run, so the run remembers by itself that it has told a part.
func (f *frame) Chunks(at *plan.Site) func(text string) {
	if r := f.run; !r.chunks || r.told || f.replayed || at == nil || !at.Streams {
		return nil
	}
	path := f.Path(at)
	return func(text string) {
		if text == "" {
			return
		}
		f.run.told = true
		f.tell(&telemetry.Event{Type: telemetry.AgentChunk, Path: path, Kind: at.Kind, Site: at.Index, Text: text}, clock())
	}
}
