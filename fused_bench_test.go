package weir_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// fused is the least that a chain of functions takes which is one op: their calls in a loop by their type, with a look at the context, a clock read and a
// record for each, one deferred recovery, a context of the run's own and pooled records. It knows no state, usage, limits, events or places of failures.
type fused struct {
	steps   []func(context.Context, int) (int, error)
	records sync.Pool
	epoch   time.Time
}

// fusedRun is a context as large as a run of weir.
type fusedRun struct {
	context.Context
	_ [10]int64
}

func (c *fused) run(parent context.Context, in any) (out any, err error) {
	ctx := &fusedRun{Context: parent}
	slab, _ := c.records.Get().(*[]plan.Record)
	if slab == nil {
		slab = &[]plan.Record{}
		*slab = make([]plan.Record, len(c.steps))
	}
	clear(*slab)
	defer func() {
		if p := recover(); p != nil {
			err = plan.ErrAborted
		}
	}()
	v, last := in.(int), int64(time.Since(c.epoch))
	for i, step := range c.steps {
		if err := parent.Err(); err != nil {
			return nil, err
		}
		begun := last
		if v, err = step(ctx, v); err != nil {
			return nil, err
		}
		last = int64(time.Since(c.epoch))
		(*slab)[i].Add(&plan.Record{Start: begun, Busy: last - begun, Count: 1, Status: plan.Completed})
	}
	c.records.Put(slab)
	return v, nil
}

// BenchmarkFused is seq10; the reference is the least that it could take as one op.
func BenchmarkFused(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	least := &fused{epoch: time.Now()}
	for range 10 {
		least.steps = append(least.steps, increment)
	}
	compare(b, runs(ctx, must(weir.Compile(chain10(increment), nil)), 1), func(n int) error {
		for range n {
			if _, err := least.run(ctx, 1); err != nil {
				return err
			}
		}
		return nil
	})
}
