package bench

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	cachebackend "github.com/weirflow/weir/cache"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/usage"
)

// order is what travels through the steps of the workload execution.
type order struct {
	ID    int
	Name  string
	Lines []string
	Price float64
	Total int
}

// execution runs ten steps, each with a retry, a budget, a cache that is asked and has nothing, a check, and a hook.
func execution() Workload {
	return Workload{name: "execution", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(guarded(nil), &weir.Config{Hooks: []hook.Hook{&counter{}}, Without: without})
		if err != nil {
			return nil, err
		}
		var id int
		return &work{run: func(n int) error {
			for range n {
				id++
				if err := p10(ctx, p, id); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

// inFlight is how many runs the workload concurrent holds at a time.
const inFlight = 256

// concurrent is execution by many at once on all cores.
func concurrent() Workload {
	return Workload{name: "concurrent", unit: "runs/s", least: 4 * inFlight, setup: func(ctx context.Context, without []string) (*work, error) {
		// A step in the middle lets others go on, so that the runs are really in flight together.
		p, err := weir.Compile(guarded(runtime.Gosched), &weir.Config{Hooks: []hook.Hook{&counter{}}, Without: without})
		if err != nil {
			return nil, err
		}
		var id atomic.Int64
		return &work{run: func(n int) error {
			return crowd(inFlight, n, func() error { return p10(ctx, p, int(id.Add(1))) })
		}}, nil
	}}
}

// p10 runs the plan of execution and checks its answer.
func p10(ctx context.Context, p *weir.Plan[order, order], id int) error {
	got, err := p.Run(ctx, newOrder(id))
	if want := 10*id + 45; err != nil || got.Total != want {
		return wrong(got.Total, want, err)
	}
	return nil
}

func newOrder(id int) order { return order{ID: id, Name: "ada", Lines: lines, Price: 12.5} }

var lines = []string{"a kettle", "two cups", "a tin of tea"}

// guarded are the ten steps; the fifth calls between, which may be nil.
func guarded(between func()) weir.Step[order, order] {
	steps := make([]weir.Step[order, order], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), func(ctx context.Context, o order) (order, error) {
			if i == 4 && between != nil {
				between()
			}
			o.Total += o.ID + i
			return o, usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 20, OutputTokens: 5})
		}).With(
			cache.For(time.Hour, cache.In(empty{})),
			retry.UpTo(3),
			validate.All(validate.With("has a name", named)),
			budget.AtMost(usage.Limits{Tokens: usage.AtMost(1000)}),
		)
	}
	return weir.Chain("order", steps...)
}

func named(o order) error {
	if o.Name == "" {
		return errors.New("it has no name")
	}
	return nil
}

// empty is a cache that has nothing and keeps nothing, and unlike cache.Nop is not known to.
type empty struct{}

func (empty) Get(context.Context, string) (cachebackend.Entry, bool, error) {
	return cachebackend.Entry{}, false, nil
}
func (empty) Put(context.Context, string, cachebackend.Entry, time.Duration) error { return nil }
func (empty) Clear(context.Context) error                                          { return nil }

// counter is a hook that counts the steps that it is told of.
type counter struct{ begun, ended atomic.Int64 }

func (c *counter) PreStep(context.Context, hook.Step) error     { c.begun.Add(1); return nil }
func (c *counter) PostStep(context.Context, hook.StepEnd) error { c.ended.Add(1); return nil }

// crowd calls f n times, by up to width goroutines, and gives the first failure.
func crowd(width, n int, f func() error) error {
	var left atomic.Int64
	left.Store(int64(n))
	var wait sync.WaitGroup
	var once sync.Once
	var first error
	for range min(width, n) {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				if err := f(); err != nil {
					once.Do(func() { first = err })
					left.Store(0)
					return
				}
			}
		})
	}
	wait.Wait()
	return first
}
