package weir_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/plan"
)

// BenchmarkStarted has seq10 by the clock as a run that is started and waited for, alone, and where its fifth step waits for a permit and the run
// leaves its goroutine for it.
func BenchmarkStarted(b *testing.B) {
	full := limit.New(1)
	gated := make([]weir.Step[int, int], 10)
	for i := range gated {
		gated[i] = weir.Func(string(rune('a'+i)), increment)
	}
	gated[4] = gated[4].With(limit.By(&handing{Limit: full}))
	for name, s := range map[string]weir.Step[int, int]{"alone": chain10(increment), "parked": weir.Chain("seq", gated...)} {
		b.Run(name, func(b *testing.B) {
			p := must(weir.Compile(s, nil))
			b.ReportAllocs()
			for b.Loop() {
				r, err := p.Start(b.Context(), 1)
				if err == nil {
					_, err = r.Wait(b.Context())
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// handing is a limit whose permit is never there when it is asked for, and comes at once.
type handing struct{ *limit.Limit }

func (h *handing) Enter(w plan.Waker) limit.Place {
	if err := h.Acquire(context.Background()); err != nil {
		panic(err)
	}
	at := h.Limit.Enter(w)
	h.Release()
	return at
}
