package retry_test

import (
	"context"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/telemetry"
)

// observer takes the events of a run, and panics when it is told of a retry if that is asked.
type observer struct {
	panics bool
	seen   []telemetry.Event
}

func (o *observer) Event(_ context.Context, e *telemetry.Event) {
	o.seen = append(o.seen, *e)
	if o.panics && e.Type == telemetry.StepRetry {
		panic("the exporter is down")
	}
}

func TestB020_ARecorderThatPanicsDoesNotChangeTheRetry(t *testing.T) {
	t.Parallel()
	for _, panics := range []bool{false, true} {
		calls := 0
		o := &observer{panics: panics}
		step := weir.Func("ask", flaky(2, &calls)).With(retry.UpTo(3, retry.Backoff(time.Microsecond, 1, time.Microsecond)))
		p, err := weir.Compile(step, &weir.Config{Telemetry: o})
		if err != nil {
			t.Fatal(err)
		}
		if out, err := p.Run(t.Context(), "hi"); out != "ok" || err != nil || calls != 3 {
			t.Errorf("output %q, error %v, %d calls; want ok after 3", out, err, calls)
		}
		var attempts []int
		for _, e := range o.seen {
			if e.Type == telemetry.StepRetry {
				attempts = append(attempts, e.Attempt)
				if e.Path != "ask" || e.Wait != time.Microsecond || e.Err == nil {
					t.Errorf("event %+v", e)
				}
			}
		}
		if len(attempts) != 2 || attempts[0] != 1 || attempts[1] != 2 {
			t.Errorf("told of retries after attempts %v, want 1 and 2", attempts)
		}
	}
}
