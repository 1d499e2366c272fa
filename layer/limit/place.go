package limit

import "github.com/weirflow/weir/plan"

// Queue is a Limiter that can be waited for without a goroutine: a run that was started and has to wait leaves its own. Limit is one.
type Queue interface {
	Limiter
	// Enter takes a permit that is free, and gives nil. Otherwise it gives a place in the queue, and wakes w once a permit has been
	// given to it. Enter never waits.
	Enter(w plan.Waker) Place
}

// Place is one wait for a permit. It is safe for use by several goroutines.
type Place interface {
	// Taken says that the permit is there: Release gives it back.
	Taken() bool
	// Leave gives the wait up. A permit that was given to it, or is on its way, goes to the next.
	Leave()
}

// Enter takes a permit, or queues behind those who came before.
func (l *Limit) Enter(w plan.Waker) Place {
	if l.free.Add(-1) >= 0 {
		return nil
	}
	if at := l.queue(w); at != nil {
		return at
	}
	return nil
}

// queue makes a place for a taker; nil when a permit was there already.
func (l *Limit) queue(w plan.Waker) *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.early > 0 {
		l.early--
		return nil
	}
	at := &place{limit: l, waker: w}
	l.waiters.push(at)
	return at
}

// place is a taker that waits. The limit's mu guards it.
type place struct {
	limit          *Limit
	waker          plan.Waker
	before, behind *place
	taken          bool // a permit was delivered
	left           bool // nobody wants it any more
}

// deliver gives the first in the line a permit. It says false where nobody wants it there. The caller holds the limit's mu.
func (p *place) deliver() bool {
	p.limit.waiters.remove(p)
	if p.left {
		return false
	}
	p.taken = true
	p.waker.Wake()
	return true
}

// Taken says that the permit is there.
func (p *place) Taken() bool {
	p.limit.mu.Lock()
	defer p.limit.mu.Unlock()
	return p.taken
}

// Leave gives the wait up.
func (p *place) Leave() {
	if p.limit.left(p) {
		p.limit.Release()
	}
}

// left takes a place out of the line, and says whether it has a permit. Where one is on its way, its giver standing between two lines of
// Release, the place stays until that comes, and passes it on.
func (l *Limit) left(p *place) (taken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for free := l.free.Load(); free < 0 && !p.taken; free = l.free.Load() {
		if l.free.CompareAndSwap(free, free+1) {
			l.waiters.remove(p)
			return false
		}
	}
	p.left = true
	return p.taken
}

// line is a queue of places.
type line struct{ first, last *place }

func (q *line) push(p *place) {
	p.before = q.last
	if q.last == nil {
		q.first = p
	} else {
		q.last.behind = p
	}
	q.last = p
}

func (q *line) remove(p *place) {
	if p.before == nil {
		q.first = p.behind
	} else {
		p.before.behind = p.behind
	}
	if p.behind == nil {
		q.last = p.before
	} else {
		p.behind.before = p.before
	}
	p.before, p.behind = nil, nil
}
