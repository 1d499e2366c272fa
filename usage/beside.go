package usage

import "context"

// Beside gives a context under which m is told what steps report, beside the run that ctx belongs to: what one step and
// everything below it used. What an earlier part of the run used and Replay counts again is not told.
func Beside(ctx context.Context, m Meter) context.Context {
	outer, _ := ctx.Value(besideKey{}).(*beside)
	return context.WithValue(ctx, besideKey{}, &beside{m, outer})
}

type besideKey struct{}

// beside is a meter of a context, and those round it.
type beside struct {
	meter Meter
	outer *beside
}

// add tells the meters, innermost first.
func (b *beside) add(ctx context.Context, u Usage) {
	for ; b != nil; b = b.outer {
		b.meter.Add(ctx, u)
	}
}
