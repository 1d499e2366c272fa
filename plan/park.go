package plan

// A strand that would only wait, for a permit or for a time, may leave its goroutine: the op that would wait sees to it that it is
// woken, keeps what it must know, and returns its input with ErrParked. So do the ops round it, each keeping what it must know. When the
// wait is over the run goes on in another goroutine: the ops are called again from the outermost in, on the same input; each takes back what
// it kept and goes on where it was. Nothing else is run or told twice.
//
// This needs ops that can be called again. Where all round a place can is known when the plan is built (Builder.Parks); elsewhere, and
// in runs that have a goroutine of their caller's to wait in, an op waits as Go does.

// parking is the name of the optimisation that lets runs leave their goroutines. Its twin waits in them.
const parking = "park"

// ErrParked is what an op returns, beside its input, when the strand is to leave its goroutine. It passes through everything
// untouched; no caller of a run ever sees it. Compare it with ==.
var ErrParked error = &Error{Code: CodeParked, Text: "the run waits and has left its goroutine"}

// Parker is a Frame whose strand can leave its goroutine. Engines that drive each run in a goroutine to its end have none.
type Parker interface {
	Frame
	// Park gives what to wake when the wait is over; nil where the strand has to wait in its goroutine.
	Park() Waker
	// Keep keeps what an op that is about to return ErrParked must know when it is called again; Kept gives it back, once, and nil
	// to an op that is called for the first time. What is kept first is given back last: an op that keeps something keeps
	// one thing, after the ops inside it.
	Keep(v any)
	Kept() any
}

// Waker is a strand that has left its goroutine, or is about to.
type Waker interface {
	// Wake has the run go on. It never waits. It may be called at any time, more than once, by any goroutine: whoever goes on
	// looks at what it waits for.
	Wake()
}

// Reentrant is a Node or a Layer whose op can be called again after it has passed ErrParked on, as Parker says.
type Reentrant interface {
	// Reenters says so of this node or layer.
	Reenters() bool
}

// Parks says whether the op that is built may return ErrParked, and has to pass it on: every op round it can be called again.
func (b *Builder) Parks() bool { return b.parks }

// ParkerOf gives a frame's strand where it may leave its goroutine now, and nil elsewhere.
func ParkerOf(f Frame) Parker {
	if p, ok := f.(Parker); ok && p.Park() != nil {
		return p
	}
	return nil
}

// reenters says that v, a node or a layer, can be called again.
func reenters(v any) bool {
	r, ok := v.(Reentrant)
	return ok && r.Reenters()
}

// parked marks the places at and below t at which a strand may leave its goroutine.
func (p *builds) parked(t *Tree) {
	t.parks = true
	p.below(t)
}

// below marks the children of t, which is marked.
func (p *builds) below(t *Tree) {
	if t.Step == nil || t.Step.Node == nil || p.kinds[t.Step.Node.Kind()] != nil || !reenters(t.Step.Node) || !p.through(t.Step.Layers) {
		return
	}
	for _, c := range t.Children {
		c.parks = true
		p.below(c)
	}
}

// through says that every one of these layers can be called again.
func (p *builds) through(layers []Layer) bool {
	for _, l := range layers {
		if l == nil || p.layers[l.Name()] != nil || !reenters(l) {
			return false
		}
	}
	return true
}
