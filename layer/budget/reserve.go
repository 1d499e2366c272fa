package budget

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Expect sets this much aside before each attempt of the step. What the step reports is taken from it first, and the rest is
// given back when the attempt has ended, however it did. For a step that asks a model it is at least one call.
//
// An attempt for which too little is left is not made: the step fails with a *usage.LimitError that says Refused, and notes the
// exit_reason usage.Denied. Nothing tries again or handles it. Where there are no limits, nothing is set aside.
//
// It stands in place of the plan's estimator (weir.Config.Estimator); with nothing expected, nothing is set aside. A step that
// has children refuses it when it is compiled: what they use is expected of them.
func Expect(u usage.Usage) plan.Layer { return reserve{expected: u.Clamp()} }

// Reserve is Expect with what an estimator says of each attempt. A nil Estimator is a mistake that Compile reports. Compile
// puts it round each step that asks a model when weir.Config.Estimator is set.
func Reserve(e usage.Estimator) plan.Layer { return reserve{estimator: e, asks: true} }

// reserve is the layer.
type reserve struct {
	expected  usage.Usage
	estimator usage.Estimator
	asks      bool // it is the estimator that says
}

// Name is "budget".
func (reserve) Name() string { return "budget" }

// Wrap reserves, runs next, and gives back what was not used.
func (l reserve) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site := b.Site()
	if site != nil && !site.Analysis.Leaf {
		b.Failf("usage is not reserved round a step of kind %q, which has steps of its own; reserve round those that use it", site.Kind)
		return next
	}
	if l.asks && l.estimator == nil {
		b.Failf("budget.Reserve(nil): give an Estimator, or leave the layer out")
		return next
	}
	if !l.asks && l.expected.IsZero() {
		return next
	}
	var calls int64
	if site != nil && site.Analysis.Model {
		calls = 1
	}
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		sink := usage.SinkOf(ctx)
		if sink == nil || sink.Budget() == nil {
			return next(ctx, f, in)
		}
		u := l.expected
		if l.asks {
			u = l.estimator.Estimate(usage.Call{Site: site, In: in}).Clamp()
		}
		u.Requests = max(u.Requests, calls)
		if err := sink.Reserve(u); err != nil {
			f.Note(site, "exit_reason", usage.Denied)
			return nil, err
		}
		defer sink.Release()
		return next(ctx, f, in)
	}
}
