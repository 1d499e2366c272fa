package cache

import (
	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/hash"
	"github.com/weirflow/weir/plan"
)

// Wrap looks for a result before next. It gives next itself where results may not be kept.
func (l *layer) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	for _, err := range l.mistakes {
		b.Fail(err)
	}
	site := b.Site()
	if len(l.mistakes) > 0 || site == nil || repeats(site) || !keeps(b.Step(), 0) {
		return next
	}
	c := &cached{
		next: next, site: site, ttl: l.ttl, by: l.by, backend: l.keptIn(b), asked: b.Decision("cache"), flights: flights(b),
	}
	var err error
	if c.keyOf, err = l.keys(b, site.Name+":"); err != nil {
		b.Fail(err)
		return next
	}
	return c.run
}

// flights are those of a step.
func flights(b *plan.Builder) *cache.Flights {
	if maker, ok := plan.Component[cache.FlightMaker](b); ok {
		return maker()
	}
	return cache.LockedFlights()
}

// keys gives what makes the keys of a step: of its digest and of a value.
func (l *layer) keys(b *plan.Builder, prefix string) (func(v any) (string, error), error) {
	hasher, _ := plan.Component[hash.Hasher](b)
	keying, ok := plan.Component[hash.Keying](b)
	if !ok {
		keying = hash.Plain
	}
	step, err := hash.Of(hasher, plan.Fingerprint(b.Step()), l.version)
	if err != nil {
		return nil, err
	}
	return keying(hasher, prefix, step)
}

// repeats says that a site stands in something that runs its steps until they do something else: a result from before would keep
// it from getting on (spec/core.md §6.2).
func repeats(s *plan.Site) bool {
	for p := s.Parent; p != nil; p = p.Parent {
		if p.Kind == "loop" || p.Kind == "state_machine" {
			return true
		}
	}
	return false
}

// keeps says that the results of a step may be kept: its kind does not forbid it, and nobody is waited for in it.
func keeps(s *plan.Step, depth int) bool {
	if s == nil || s.Node == nil || depth > plan.MaxDepth {
		return true // Build reports it
	}
	known := plan.Analysis{Cacheable: true}
	if n, ok := s.Node.(plan.Analyser); ok {
		n.Analyse(&known)
	}
	if known.Waits || depth == 0 && !known.Cacheable {
		return false
	}
	for _, c := range s.Node.Children() {
		if !keeps(c.Step, depth+1) {
			return false
		}
	}
	return true
}

// keptIn is the backend that holds for a step.
func (l *layer) keptIn(b *plan.Builder) cache.Backend {
	backend := l.backend
	if backend == nil {
		backend, _ = plan.Component[cache.Backend](b)
	}
	if backend == nil {
		own, err := cache.New(nil)
		b.Fail(err)
		return own
	}
	if open, ok := backend.(interface {
		With(codec.Codec) cache.Backend
	}); ok {
		c, ok := plan.Component[codec.Codec](b)
		if !ok {
			c = codec.New(b.Step().Out)
		}
		return open.With(c)
	}
	return backend
}
