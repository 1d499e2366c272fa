package cache_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/cache"
)

// BenchmarkHit is a run of one step whose result is found, by the size of its input.
func BenchmarkHit(b *testing.B) {
	for name, in := range map[string]any{
		"16B": strings.Repeat("x", 16), "1KB": strings.Repeat("x", 1024),
		"map": map[string]any{"a": 1, "b": "x", "c": []any{1.5, true}, "d": map[string]any{"e": nil}},
	} {
		b.Run(name, func(b *testing.B) {
			step := weir.Func("same", func(_ context.Context, v any) (string, error) { return "answer", nil })
			p, err := weir.Compile(step.With(cache.For(time.Hour)), nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
