package weir

import (
	"context"

	"github.com/weirflow/weir/engine"
)

// keeper keeps a run that has left its goroutine until it can go on. It is the run itself, under another name so that users of a Run do
// not see its methods.
type keeper[O any] Run[O]

// Park sees to it that the run is woken when its context ends.
func (k *keeper[O]) Park(p engine.Parked) {
	if k.watch == nil {
		k.watch = context.AfterFunc(k.ctx, p.Wake)
	}
}

// Ready has the run go on in a goroutine of its own.
func (k *keeper[O]) Ready(p engine.Parked) {
	r := (*Run[O])(k)
	x := r.next()
	x.away = p
	go r.work(x, r.done)
}

// unwatch ends what Park began.
func (r *Run[O]) unwatch() {
	if r.watch != nil {
		r.watch()
		r.watch = nil
	}
}
