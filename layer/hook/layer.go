package hook

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"github.com/weirflow/weir/plan"
)

// Option changes what the failure of a hook means.
type Option func(*layer)

// Strict makes a hook that fails, or panics, fail the step with *Error.
func Strict() Option { return func(l *layer) { l.strict = true } }

// Round tells a hook of the executions of the step that it stands round: PreStep, PostStep, OnStepFailure. A hook with none
// of these is a mistake that Compile reports; what it has beside them is not called. Each execution costs the calls and the path of
// the step.
func Round(h Hook, opts ...Option) plan.Layer {
	l := &layer{round: true}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	switch {
	case l.add(h):
	case h == nil:
		l.mistake = "hook.Round: the hook is nil; leave it out"
	default:
		l.mistake = fmt.Sprintf("hook.Round: a step has nothing to tell %T: it has none of the methods PreStep, PostStep and OnStepFailure", h)
	}
	return l
}

// layer tells hooks of a step. Read only once it is made.
type layer struct {
	pre     []PreStep
	post    []PostStep
	failure []OnStepFailure
	strict  bool
	round   bool // made by Round
	mistake string
}

// add takes in what a hook is told of steps, and says whether that is anything.
func (l *layer) add(h Hook) bool {
	pre, first := h.(PreStep)
	if first {
		l.pre = append(l.pre, pre)
	}
	post, last := h.(PostStep)
	if last {
		l.post = append(l.post, post)
	}
	failure, fails := h.(OnStepFailure)
	if fails {
		l.failure = append(l.failure, failure)
	}
	return first || last || fails
}

func (l *layer) empty() bool { return len(l.pre)+len(l.post)+len(l.failure) == 0 }

// Name is "hook".
func (*layer) Name() string { return "hook" }

// Wrap puts the hooks round next.
func (l *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	if l.mistake != "" {
		b.Failf("%s", l.mistake)
		return next
	}
	if l.empty() {
		return next
	}
	a := &around{layer: l, next: next, site: b.Site(), log: slog.New(slog.DiscardHandler)}
	if log, ok := plan.Component[*slog.Logger](b); ok {
		a.log = log
	}
	name := "hook."
	if l.round {
		n, twice := l.place(b.Step().Layers)
		if twice {
			b.Failf("the same hook.Round stands twice round the step; leave one out")
		}
		name += strconv.Itoa(n) + "."
	}
	a.begun, a.ended = b.Decision(name+string(preStep)), b.Decision(name+"end")
	return a.run
}

// place gives the number of the layer among those of Round, counted from the inside, which stays the same whatever Compile
// puts round the step; twice says that it stands there more than once.
func (l *layer) place(layers []plan.Layer) (n int, twice bool) {
	found := false
	for _, o := range slices.Backward(layers) {
		other, ok := o.(*layer)
		switch {
		case other == l && found:
			return n, true
		case other == l:
			found = true
		case ok && other.round && !found:
			n++
		}
	}
	return n, false
}
