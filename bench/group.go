package bench

import (
	"context"
	"sync"
)

// group is what golang.org/x/sync/errgroup does for a group with a context: a goroutine a call, the first error cancels.
type group struct {
	wait   sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
}

func withContext(ctx context.Context) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{cancel: cancel}, ctx
}

func (g *group) Go(f func() error) {
	g.wait.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel(err) })
		}
	})
}

func (g *group) Wait() error {
	g.wait.Wait()
	g.cancel(g.err)
	return g.err
}
