package retry

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/weirflow/weir/plan"
)

// wait is how long to wait after a failed attempt: the backoff, but not less than the other side asked for.
func (p *policy) wait(attempt int, err error) time.Duration {
	asked := min(plan.RetryAfter(err), MaxRetryAfter)
	return max(p.backoff(attempt, err), asked, 0)
}

// backoff is the wait of this layer's own after attempt n, counted from 1.
func (p *policy) backoff(n int, err error) time.Duration {
	if p.initial == 0 || len(p.slow) > 0 && !slices.Contains(p.slow, plan.ClassOf(err)) {
		return 0
	}
	wait := p.longest
	// The power overflows to infinity for large n; the comparison then leaves the longest wait.
	if d := float64(p.initial) * math.Pow(p.factor, float64(n-1)); d < float64(p.longest) {
		wait = time.Duration(d)
	}
	if p.jitter > 0 {
		wait -= time.Duration(float64(wait) * p.jitter * p.random())
	}
	return wait
}

// interrupted is the error of a wait that was cut short. The failure before it is told, but it is not what ended the step:
// only the cancellation can be unwrapped.
func interrupted(attempt int, last, ended error) error {
	return fmt.Errorf("stopped while waiting for attempt %d (attempt %d failed: %v): %w", attempt+1, attempt, last, ended)
}
