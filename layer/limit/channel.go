package limit

import "context"

// Channel makes a Limiter of n permits from a buffered channel: the plain twin of Limit (the optimisation "limiter"), in the idiom of Effective Go's
// semaphore. Its size is fixed. Taking and giving back a free permit costs about 60 ns. With n below 1 it has no permits.
func Channel(n int) Limiter { return make(channel, max(n, 0)) }

type channel chan struct{}

// Size is how many permits there are in all.
func (c channel) Size() int { return cap(c) }

// Acquire waits for a permit.
func (c channel) Acquire(ctx context.Context) error {
	select {
	case c <- struct{}{}:
		return nil
	default:
	}
	select {
	case c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}

// Release gives a permit back.
func (c channel) Release() { <-c }
