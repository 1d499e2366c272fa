package weir

import (
	"context"

	"github.com/weirflow/weir/telemetry"
)

// tee gives events to both recorders; a takes answers in parts, b may be nil.
func tee(a telemetry.ChunkRecorder, b telemetry.Recorder) telemetry.Recorder {
	if b == nil {
		return a
	}
	return both{a, b, telemetry.TakesChunks(b), telemetry.Borrows(a) && telemetry.Borrows(b)}
}

type both struct {
	a       telemetry.ChunkRecorder
	b       telemetry.Recorder
	chunks  bool // b takes answers in parts
	borrows bool // both do
}

// Event tells both; the first cannot fail.
func (t both) Event(ctx context.Context, e *telemetry.Event) {
	t.a.Event(ctx, e)
	if t.chunks || e.Type != telemetry.AgentChunk {
		t.b.Event(ctx, e)
	}
}

// Chunks is what a says.
func (t both) Chunks() bool { return t.a.Chunks() }

// Borrows is what both say.
func (t both) Borrows() bool { return t.borrows }
