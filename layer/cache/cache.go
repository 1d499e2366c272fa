package cache

import (
	"context"
	"time"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Own, as the time of For, leaves it to the backend: an hour for the one that a plan has by itself.
const Own = cache.OwnTTL

// For keeps the results of a step for a time: 0 is for ever, Own what the backend thinks right. Any other negative time is a
// mistake that Compile reports.
//
// The backend is that of the option In, else that of weir.Config, else one in memory that all runs of the plan share. Where
// the input is a map, the entries processing_history, cache_timestamps, cache_keys, current_operation and operation_count do not
// count for the key (spec/core.md §6.1).
//
// A hit costs the key, which grows with the input, and a copy of the result.
func For(ttl time.Duration, opts ...Option) plan.Layer {
	l := &layer{ttl: ttl}
	if ttl < 0 && ttl != Own {
		l.mistake("cache.For(%v): a result is kept for a time, for ever (0), or as long as the backend likes (cache.Own)", ttl)
	}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	return l
}

// Option changes what a result is found by, and where it is kept.
type Option func(*layer)

// In keeps results in this backend. Nil is a mistake that Compile reports.
func In(b cache.Backend) Option {
	return func(l *layer) {
		if b == nil {
			l.mistake("cache.In(nil): give a backend or leave it out")
		}
		l.backend = b
	}
}

// Version is part of the key: another text forgets what was kept. It is for steps whose functions changed.
func Version(text string) Option { return func(l *layer) { l.version += text + "\x00" } }

// Key finds results by what f gives, in place of the input. It is called by several goroutines when runs overlap, and may read run
// state. Its error, and a value that cannot be a key, is a warning: the step runs and its result is not kept. Nil is a mistake
// that Compile reports.
func Key[I any](f func(ctx context.Context, in I) (any, error)) Option {
	return func(l *layer) {
		if f == nil {
			l.mistake("cache.Key(nil): give a function or leave it out")
			return
		}
		l.by = func(ctx context.Context, in any) (any, error) {
			v, err := plan.As[I](in)
			if err != nil {
				return nil, err
			}
			return f(ctx, v)
		}
	}
}

// KeyExpr is Key for an expression over previous_step, the step's input.
func KeyExpr(e spec.Expr) Option { return keyProgram(e.Program) }

// KeyValue is Key for a value that is rendered, such as the input that a template makes.
func KeyValue(v spec.Value) Option { return keyProgram(v.Program) }

func keyProgram(p spec.Program) Option {
	return func(l *layer) {
		if p == nil {
			l.mistake("the key of the cache was never compiled; give one or leave it out")
			return
		}
		l.by = func(ctx context.Context, in any) (any, error) {
			return p.Eval(ctx, spec.Vars{spec.VarPrevious: in})
		}
	}
}

// layer is what For made. Read only after that.
type layer struct {
	ttl      time.Duration
	backend  cache.Backend
	version  string
	by       func(ctx context.Context, in any) (any, error) // nil: the input itself
	mistakes []error
}

func (l *layer) mistake(format string, args ...any) {
	l.mistakes = append(l.mistakes, plan.Errorf(plan.CodeConfig, format, args...))
}

// Name is "cache".
func (*layer) Name() string { return "cache" }

// Fingerprint is empty: a cache does not change what a step answers.
func (*layer) Fingerprint() string { return "" }

// Analyse says that the output is needed whole: what is kept is not told in parts.
func (*layer) Analyse(a *plan.Analysis) { a.Whole = true }
