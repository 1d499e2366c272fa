package usage_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir/usage"
)

// tallied counts what is reported.
type tallied struct{ sum usage.Usage }

func (s *tallied) Report(u usage.Usage) error { s.sum = s.sum.Add(u); return nil }
func (*tallied) Reserve(usage.Usage) error    { return nil }
func (*tallied) Release()                     {}
func (*tallied) Budget() *usage.Budget        { return nil }
func (*tallied) Draw(*usage.Budget)           {}
func (*tallied) Pending() usage.Usage         { return usage.Usage{} }
func (*tallied) Replay(usage.Usage)           {}

func TestMetersBesideARunAreToldWhatIsReportedUnderThem(t *testing.T) {
	t.Parallel()
	run := &tallied{}
	ctx := context.WithValue(t.Context(), usage.ContextKey{}, usage.Sink(run))
	var outer, inner usage.Totals
	under := usage.Beside(ctx, &outer)
	deeper := usage.Beside(under, &inner)
	for _, c := range []context.Context{ctx, under, deeper} {
		if err := usage.Report(c, usage.Usage{Requests: 1, OutputTokens: -5}); err != nil {
			t.Fatal(err)
		}
	}
	if run.sum.Requests != 3 || outer.Total() != (usage.Usage{Requests: 2}) || inner.Total() != (usage.Usage{Requests: 1}) {
		t.Errorf("run %v, outer %v, inner %v", run.sum, outer.Total(), inner.Total())
	}
	if err := usage.Report(usage.Beside(t.Context(), &inner), usage.Usage{Requests: 1}); err != nil || inner.Total().Requests != 1 {
		t.Error("outside a run something was counted")
	}
}
