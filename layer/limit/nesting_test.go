package limit_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

func TestB018_OnePermitForALoopOfAParallelInsideAParallelDoesNotDeadlock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, calls atomic.Int64
		work := func(name string) weir.Step[int, int] {
			return weir.Func(name, func(_ context.Context, in int) (int, error) {
				if now.Add(1) > 1 {
					t.Error("two leaf steps work at once")
				}
				defer now.Add(-1)
				calls.Add(1)
				<-time.After(time.Second)
				return in + 1, nil
			})
		}
		inner := parallel.Join2("both", work("a"), work("b"), func(_ context.Context, a, b int) (int, error) { return max(a, b), nil })
		pipeline := parallel.All("main", loop.Times("thrice", 3, inner), work("c"))
		p, err := weir.Compile(pipeline, &weir.Config{Limiter: limit.New(1)})
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		out, err := p.Run(t.Context(), 0) // a deadlock would end the bubble
		if err != nil || len(out) != 2 || out[0] != 3 || out[1] != 1 {
			t.Errorf("output %v, error %v; want [3 1]", out, err)
		}
		if calls.Load() != 7 || time.Since(begin) != 7*time.Second {
			t.Errorf("%d calls in %v, want 7 in 7s, one after the other", calls.Load(), time.Since(begin))
		}
	})
}
