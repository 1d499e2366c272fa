package loop_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/loop"
)

func BenchmarkTimes(b *testing.B) {
	b.Run("100", func(b *testing.B) {
		inc := weir.Func("inc", func(_ context.Context, n int) (int, error) { return (n + 1) & 127, nil })
		p, err := weir.Compile(loop.Times("grow", 100, inc), nil)
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithCancel(b.Context())
		defer cancel()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Run(ctx, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}
