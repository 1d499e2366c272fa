package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Contention is what the goroutines of a load waited for when each wait was recorded.
type Contention struct {
	InFlight int     `json:"in_flight"`
	Runs     int     `json:"runs"`
	Seconds  float64 `json:"seconds"`
	Cores    int     `json:"cores"`
	// Mutex is the profile of locks, by who held one when others waited; Block that of everything for which goroutines stood still, by who waited.
	Mutex Waits `json:"mutex"`
	Block Waits `json:"block"`
	// Most is the part of Block (but for the load's own waits) that one lock of weir may have.
	Most float64 `json:"most"`
	Met  bool    `json:"met"`
}

const (
	// lockShare is what a lock may have of all that is waited.
	lockShare = 0.02
	// idleShare is the part of the time of all goroutines below which a lock is not judged: where next to nothing is waited for, something is
	// always most of it.
	idleShare = 0.001
)

// Breaches are the locks of weir that are waited for too much: more than Most of all waits, and more than a thousandth of the time of all goroutines.
func (c *Contention) Breaches() []Wait {
	floor := idleShare * c.Seconds * float64(time.Second) * float64(c.InFlight)
	return slices.DeleteFunc(slices.Clone(c.Block.Weir), func(w Wait) bool { return !w.Lock || w.Share <= c.Most || w.Ns <= floor })
}

// Watch keeps the load going for a time with every wait of the process recorded, for a lock and for anything else. That costs time, so that
// the number of runs is no figure of their speed. What the process recorded before does not count.
func (t *Traffic) Watch(ctx context.Context, d time.Duration) (*Contention, error) {
	mutex, block := record(runtime.MutexProfile), record(runtime.BlockProfile)
	before := runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	begun := time.Now()
	runs, err := t.For(ctx, d)
	took := time.Since(begun)
	runtime.SetBlockProfileRate(0)
	runtime.SetMutexProfileFraction(before)
	if err != nil {
		return nil, err
	}
	tick := tickTime()
	c := &Contention{
		InFlight: t.width(), Runs: runs, Seconds: took.Seconds(), Cores: runtime.GOMAXPROCS(0), Most: lockShare,
		Mutex: record(runtime.MutexProfile).since(mutex, tick), Block: record(runtime.BlockProfile).since(block, tick),
	}
	c.Met = len(c.Breaches()) == 0
	return c, nil
}

// watchTime is how long the section Scale watches for each round that others would have: 2 s by default.
const watchTime = 65 * time.Millisecond

// measureContention watches the workload concurrent.
func measureContention(ctx context.Context, o Options, r *Report) error {
	t, err := ConcurrentTraffic()
	if err != nil {
		return fmt.Errorf("bench: %s: %w", contention, err)
	}
	d := time.Duration(o.Rounds) * watchTime
	if o.Limit > 0 {
		d = min(d, o.Limit)
	}
	if r.Contention, err = t.Watch(ctx, d); err != nil {
		return fmt.Errorf("bench: %s: %w", contention, err)
	}
	return nil
}
