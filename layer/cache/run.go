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
	flights cache.Flights
}

// visit is one execution.
type visit struct {
	*cached
	ctx context.Context
	f   plan.Frame
	in  any
	// lead is set when others wait for this execution.
	lead *cache.Lead
}

// found is what there was for a key.
type found struct {
	// key is empty where the result cannot be kept.
	key   string
	hit   bool
	entry cache.Entry
}

// run is the op.
func (c *cached) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	v := &visit{cached: c, ctx: ctx, f: f, in: in}
	defer v.leave()
	got, err := v.find()
	switch {
	case err != nil:
		return nil, err
	case got.hit:
		return v.answer(got.entry), nil
	case got.key == "":
		return c.next(ctx, f, in)
	}
	return v.work(got.key)
}

// leave lets those who wait go on, also when the step panicked.
func (v *visit) leave() { v.lead.End(nil, false) }

// find looks for a result, or in a run that is resumed remembers what was found then.
func (v *visit) find() (found, error) {
	if v.asked == nil {
		return v.look()
	}
	decided, err := v.asked(v.ctx, v.f, 0, func() (any, error) {
		got, err := v.look()
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

// look makes the key and asks the backend, then whoever is getting the result. Without a result this execution works, and
// leads when others ask meanwhile.
func (v *visit) look() (found, error) {
	key, err := v.key(v.ctx, v.in)
	switch {
	case err == nil:
	case plan.Final(err) || v.ctx.Err() != nil:
		return found{}, err
	default:
		v.warn("there is no key for its input, so the result is not kept", err)
		return found{}, nil
	}
	seen := v.flights.Seen()
	if e, ok := v.get(key); ok {
		return found{key, true, e}, nil
	}
	lead, e, ok, err := v.flights.Join(v.ctx, key)
	if err != nil {
		return found{}, &plan.Error{Code: plan.CodeCanceled, Text: "stopped while waiting for another run's result: " + err.Error(), Err: err}
	}
	if v.lead = lead; lead != nil && lead.Late(seen) {
		e, ok = v.get(key)
	}
	if ok {
		lead.End(&e, false)
	}
	return found{key, ok, e}, nil
}

// work runs the step and keeps what it returned.
func (v *visit) work(key string) (any, error) {
	var used usage.Totals
	listening := &listener{Frame: v.f, site: v.site}
	v.f.Note(v.site, "cache_hit", false)
	out, err := v.next(usage.Beside(v.ctx, &used), listening, v.in)
	if err != nil {
		v.lead.End(nil, v.ctx.Err() != nil)
		return out, err
	}
	e := cache.Entry{Output: out, Usage: used.Total(), Notes: listening.notes}
	if err := v.put(key, e); err != nil {
		v.warn("the cache did not take the result", err)
	}
	v.lead.End(&e, false)
	return out, nil
}

// answer tells that the output was found, and gives it.
func (v *visit) answer(e cache.Entry) any {
	for key, value := range e.Notes {
		v.f.Note(v.site, key, value)
	}
	v.f.Note(v.site, "cache_hit", true)
	if !e.Usage.IsZero() {
		v.f.Note(v.site, "cached_usage", counts(e.Usage))
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
func (v *visit) get(key string) (cache.Entry, bool) {
	e, ok, err := v.ask(key)
	switch {
	case err != nil:
		v.warn("the cache could not be asked", err)
	case ok && !fits(e.Output, v.site.Out):
		v.warn("the cache holds a result of another type", plan.Errorf(plan.CodeType, "%s in place of %v", plan.Describe(e.Output), v.site.Out))
	default:
		return e, ok
	}
	return cache.Entry{}, false
}

func (v *visit) ask(key string) (e cache.Entry, ok bool, err error) {
	defer caught(&err)
	return v.backend.Get(v.ctx, key)
}

func (v *visit) put(key string, e cache.Entry) (err error) {
	defer caught(&err)
	return v.backend.Put(v.ctx, key, e, v.ttl)
}

func fits(out any, t reflect.Type) bool {
	return out == nil || t == nil || reflect.TypeOf(out).AssignableTo(t)
}

// warn notes what went wrong with the cache and not with the step.
func (v *visit) warn(what string, err error) {
	v.f.Note(v.site, "warnings", []string{"cache: " + what + ": " + err.Error()})
}
