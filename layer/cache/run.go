package cache

import (
	"context"
	"reflect"
	"time"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// cached is a step as it runs under the layer: immutable but for its flights, shared by all runs.
type cached struct {
	next    plan.Op
	site    *plan.Site
	ttl     time.Duration
	backend cache.Backend
	by      func(ctx context.Context, in any) (any, error)
	// keyOf gives the key of a value: the step's name, and a digest of the step with the value.
	keyOf func(v any) (string, error)
	// asked remembers for a run that is resumed what was found; nil where nobody needs to.
	asked plan.Decision
	// flights are this place's own: those of several places could wait for each other.
	flights *cache.Flights
}

// visit is one execution; it holds what work needs, so that the two are one allocation.
type visit struct {
	*cached
	ctx context.Context
	f   plan.Frame
	in  any
	// lead is set when others wait for this execution.
	lead *cache.Lead
	// used and listening take what the step reports and notes while it works.
	used      usage.Totals
	listening listener
}

// found is what there was for a key.
type found struct {
	// key is empty where the result cannot be kept.
	key   string
	hit   bool
	entry cache.Entry
	// seen is how many flights had ended when the key was made; looked, that the backend had nothing since.
	seen   uint64
	looked bool
}

// run is the op. What is found at once, in a run that need not remember it, costs no allocation.
func (c *cached) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	if c.asked != nil {
		return c.visit(ctx, f, in, found{}, nil)
	}
	key, seen, err := c.ready(ctx, in)
	if err == nil {
		if e, ok := c.get(ctx, f, key); ok {
			return c.answer(f, e), nil
		}
	}
	return c.visit(ctx, f, in, found{key: key, seen: seen, looked: true}, err)
}

// ready gives the key, and how many flights had ended before anybody looked under it.
func (c *cached) ready(ctx context.Context, in any) (key string, seen uint64, err error) {
	key, err = c.key(ctx, in)
	return key, c.flights.Seen(), err
}

// visit is run for what was not found at once: known is what was tried, err why there is no key.
func (c *cached) visit(ctx context.Context, f plan.Frame, in any, known found, err error) (any, error) {
	v := &visit{cached: c, ctx: ctx, f: f, in: in}
	defer v.leave()
	got, err := v.find(known, err)
	switch {
	case err != nil:
		return nil, err
	case got.hit:
		return c.answer(f, got.entry), nil
	case got.key == "":
		return c.next(ctx, f, in)
	}
	return v.work(got.key)
}

// leave lets those who wait go on, also when the step panicked.
func (v *visit) leave() { v.lead.End(nil, false) }

// find looks for a result, or in a run that is resumed remembers what was found then.
func (v *visit) find(known found, err error) (found, error) {
	if v.asked == nil {
		return v.look(known, err)
	}
	decided, err := v.asked(v.ctx, v.f, 0, func() (any, error) {
		key, seen, err := v.ready(v.ctx, v.in)
		got, err := v.look(found{key: key, seen: seen}, err)
		return got.plain(), err
	})
	return remembered(decided), err
}

// The keys of what a decision keeps beside those of an entry.
const (
	keyKey = "key"
	hitKey = "hit"
)

// plain gives what was found as a value that a journal can keep.
func (g found) plain() any {
	m := map[string]any{}
	if g.hit {
		m = g.entry.Map()
	}
	m[keyKey], m[hitKey] = g.key, g.hit
	return m
}

// remembered is what plain gave.
func remembered(decided any) found {
	m, _ := decided.(map[string]any)
	var g found
	g.key, _ = m[keyKey].(string)
	if g.hit, _ = m[hitKey].(bool); g.hit {
		g.entry = cache.EntryOf(m)
	}
	return g
}

// look asks the backend, unless that was done, then whoever is getting the result; err is why there is no key. Without a result
// this execution works, and leads when others ask meanwhile.
func (v *visit) look(known found, err error) (found, error) {
	switch {
	case err == nil:
	case plan.Final(err) || v.ctx.Err() != nil:
		return found{}, err
	default:
		v.warn(v.f, "there is no key for its input, so the result is not kept", err)
		return found{}, nil
	}
	key := known.key
	if !known.looked {
		if e, ok := v.get(v.ctx, v.f, key); ok {
			return found{key: key, hit: true, entry: e}, nil
		}
	}
	lead, e, ok, err := v.flights.Join(v.ctx, key)
	if err != nil {
		return found{}, &plan.Error{Code: plan.CodeCanceled, Text: "stopped while waiting for another run's result: " + err.Error(), Err: err}
	}
	if v.lead = lead; lead != nil && lead.Late(known.seen) {
		e, ok = v.get(v.ctx, v.f, key)
	}
	if ok {
		lead.End(&e, false)
	}
	return found{key: key, hit: ok, entry: e}, nil
}

// work runs the step and keeps what it returned.
func (v *visit) work(key string) (any, error) {
	v.listening.Frame, v.listening.site = v.f, v.site
	v.f.Note(v.site, plan.CacheHit, false)
	out, err := v.next(usage.Beside(v.ctx, &v.used), &v.listening, v.in)
	if err != nil {
		v.lead.End(nil, v.ctx.Err() != nil)
		return out, err
	}
	e := cache.Entry{Output: out, Usage: v.used.Total(), Notes: v.listening.notes}
	if err := v.put(key, e); err != nil {
		v.warn(v.f, "the cache did not take the result", err)
	}
	v.lead.End(&e, false)
	return out, nil
}

// answer tells that the output was found, and gives it.
func (c *cached) answer(f plan.Frame, e cache.Entry) any {
	for key, value := range e.Notes {
		f.Note(c.site, key, value)
	}
	f.Note(c.site, plan.CacheHit, true)
	if !e.Usage.IsZero() {
		f.Note(c.site, "cached_usage", counts(e.Usage))
	}
	return e.Output
}

// counts gives what is not 0 of a usage, by the names that it has in JSON: a note of plain values can be kept by any codec.
func counts(u usage.Usage) map[string]int64 {
	m := map[string]int64{
		"requests": u.Requests, "input_tokens": u.InputTokens, "cached_tokens": u.CachedTokens,
		"output_tokens": u.OutputTokens, "reasoning_tokens": u.ReasoningTokens, "cost_micro_usd": u.Cost,
	}
	for name, n := range m {
		if n == 0 {
			delete(m, name)
		}
	}
	return m
}

// get asks the backend. An output that the step cannot have returned, such as one of another program, is none.
func (c *cached) get(ctx context.Context, f plan.Frame, key string) (cache.Entry, bool) {
	e, ok, err := c.ask(ctx, key)
	switch {
	case err != nil:
		c.warn(f, "the cache could not be asked", err)
	case ok && !fits(e.Output, c.site.Out):
		c.warn(f, "the cache holds a result of another type", plan.Errorf(plan.CodeType, "%s in place of %v", plan.Describe(e.Output), c.site.Out))
	default:
		return e, ok
	}
	return cache.Entry{}, false
}

func (c *cached) ask(ctx context.Context, key string) (e cache.Entry, ok bool, err error) {
	defer caught(&err)
	return c.backend.Get(ctx, key)
}

func (v *visit) put(key string, e cache.Entry) (err error) {
	defer caught(&err)
	return v.backend.Put(v.ctx, key, e, v.ttl)
}

func fits(out any, t reflect.Type) bool {
	return out == nil || t == nil || reflect.TypeOf(out).AssignableTo(t)
}

// warn notes what went wrong with the cache and not with the step.
func (c *cached) warn(f plan.Frame, what string, err error) {
	f.Note(c.site, "warnings", []string{"cache: " + what + ": " + err.Error()})
}
