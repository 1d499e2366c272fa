package weir_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/telemetry"
)

// counting is a recorder that counts events and keeps none.
type counting struct{ events int }

func (c *counting) Event(context.Context, *telemetry.Event) { c.events++ }
func (*counting) Borrows() bool                             { return true }

// BenchmarkTelemetry is seq10 with a recorder of its summary, and with one of all its 22 events; the reference is seq10 without.
func BenchmarkTelemetry(b *testing.B) {
	steps := 0
	for name, r := range map[string]telemetry.Recorder{
		"events": &counting{},
		"summary": telemetry.Summaries(func(_ context.Context, s *telemetry.Summary) {
			for i := range s.Records {
				steps += int(s.Records[i].Count)
			}
		}),
	} {
		b.Run(name, func(b *testing.B) {
			p := must(weir.Compile(chain10(increment), &weir.Config{Telemetry: r}))
			compare(b, runs(b.Context(), p, 1), runs(b.Context(), must(weir.Compile(chain10(increment), nil)), 1))
		})
	}
}
