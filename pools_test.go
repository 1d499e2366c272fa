package weir_test

import (
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/pool"
)

func TestPoolsBoundAndCountTheFramesOfTheirPlans(t *testing.T) {
	t.Parallel()
	pools := &pool.Set{Max: 3}
	one := must(weir.Compile(chain10(increment), &weir.Config{Pools: pools}))
	other := must(weir.Compile(chain10(increment), &weir.Config{Pools: pools, Engine: &local.Engine{}}))
	dropped := must(weir.Compile(chain10(increment), &weir.Config{Pools: pools, Without: []string{"pool"}}))
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for _, p := range []*weir.Plan[int, int]{one, other, dropped} {
				for range 50 {
					if got := must(p.Run(t.Context(), 1)); got != 11 {
						t.Errorf("got %d", got)
					}
				}
			}
		})
	}
	wait.Wait()
	if all := must(weir.Compile(chain10(increment), nil)).Program(); all.Bounded != nil || dropped.Program().Bounded != nil {
		t.Error("a plan without pools has some")
	}
	st, ok := pools.Stats()["local.frame"]
	if one.Program().Bounded == nil { // WEIR_WITHOUT
		return
	}
	if !ok || st.Gets != 400 || st.Puts != 400 || st.Max != 3 || st.Current > 3 || st.Created+st.Hits != 400 || st.Hits == 0 {
		t.Errorf("%+v", st)
	}
}
