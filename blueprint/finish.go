package blueprint

import (
	"slices"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/failure"
	"github.com/weirflow/weir/layer/input"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/layer/writes"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/fallback"
)

// finish puts the step together: its node, and as layers the keys that all steps have.
//
// With a fallback the step is a fallback that bears its name, with the step itself inside. What happens once for both stands
// round the fallback: the input, which both get, the writing to the state, which only what came out in the end may reach, and the
// handlers of a failure that the fallback did not mend.
func (w *written) finish() *plan.Step {
	step := &plan.Step{Name: w.name, Node: w.made, Source: w.source.where(w.node.position)}
	w.adapter()
	outer := w.once()
	inner := w.attempt()
	if w.common.Fallback == nil {
		step.Layers = layer.Sort(slices.Concat(outer, w.cache(), inner))
		return step
	}
	step.Layers = layer.Sort(inner)
	alternate := w.child(w.common.Fallback, w.at.key("fallback"), w.name+"-fallback")
	var opts []fallback.Option
	if w.common.Config.Diagnostics {
		opts = append(opts, fallback.Diagnostics())
	}
	both := *fallback.To(weir.Dynamic(step), weir.Dynamic(alternate), opts...).Written()
	both.Layers = layer.Sort(slices.Concat(outer, w.cache()))
	return &both
}

// once gives the layers that work once a step.
func (w *written) once() []plan.Layer {
	var layers []plan.Layer
	if w.common.Input.Set() {
		layers = append(layers, input.From(w.common.Input))
	}
	if to := w.common.SinkTo; to != nil && w.checkSink(*to) {
		layers = append(layers, sink.To(*to))
	}
	if keys := w.outputKeys(); len(keys) > 0 {
		layers = append(layers, writes.To(keys...))
	}
	if w.common.UpdatesContext {
		layers = append(layers, update.Context(false))
	}
	if handlers := w.common.OnFailure; len(handlers) > 0 {
		layers = append(layers, failure.Call(handlers...))
	}
	return slices.Concat(layers, w.allowance(), w.persisted())
}

// outputKeys gives the keys that are paths.
func (w *written) outputKeys() []string {
	n, at := w.node.get("output_keys"), w.at.key("output_keys")
	return slices.DeleteFunc(slices.Clone(w.common.OutputKeys), func(key string) bool {
		i := slices.Index(w.common.OutputKeys, key)
		if n.kind != listNode { // a single key, without a list
			return !w.checkPath(key, n, at)
		}
		return !w.checkPath(key, n.items[i], at.index(i))
	})
}

func (w *written) checkSink(to string) bool {
	return w.checkPath(to, w.node.get("sink_to"), w.at.key("sink_to"))
}

// checkPath checks a place in the context.
func (w *written) checkPath(to string, n *node, at path) bool {
	first, _, _ := strings.Cut(to, ".")
	switch {
	case w.failed(at): // told when it was read
		return false
	case first == "scratchpad":
		w.wrong(n.position, at, "give each value a key of its own", "there is no scratchpad in the context")
	case to == "" || strings.Contains("."+to+".", ".."):
		w.wrong(n.position, at, "write a key of the context, then keys of the maps in it: report.title", "%s is not a path", quoted(to))
	default:
		return true
	}
	return false
}

// attempt gives the layers of one attempt, and the retry round them.
func (w *written) attempt() []plan.Layer {
	layers := w.retry()
	if d, ok := w.timeout(); ok {
		layers = append(layers, timeout.After(d))
	}
	layers = append(layers, w.judges()...)
	if n := w.common.Limit; n != nil && w.checkLimit(*n) {
		layers = append(layers, limit.At(*n))
	}
	return append(layers, w.expected()...)
}

func (w *written) checkLimit(n int) bool {
	at, where := w.at.key("limit"), w.node.get("limit").position
	switch {
	case n < 1:
		w.wrong(where, at, "", "limit is at least 1, not %d", n)
	case !w.leaf:
		w.wrong(where, at, "put it at the steps inside, or use the key of the kind", "limit is for steps that do work themselves, not for those that run others")
	default:
		return true
	}
	return false
}

// timeout gives the one of the three keys that was used.
func (w *written) timeout() (time.Duration, bool) {
	type use struct {
		at   path
		n    *node
		long *time.Duration
	}
	conf := w.node.get("config")
	var used []use
	if d := w.common.Timeout; d != nil {
		used = append(used, use{w.at.key("timeout"), w.node.get("timeout"), d})
	}
	if d := w.common.Config.Timeout; d != nil {
		used = append(used, use{w.at.key("config").key("timeout"), conf.get("timeout"), d})
	}
	if d := w.common.Config.TimeoutS; d != nil {
		used = append(used, use{w.at.key("config").key("timeout_s"), conf.get("timeout_s"), d})
	}
	if len(used) == 0 {
		return w.agentTimeout, w.agentTimeout > 0
	}
	for _, u := range used[1:] {
		w.wrong(u.n.position, u.at, "give one of them", "%s says what %s says already", u.at.last(), used[0].at.last())
	}
	if *used[0].long <= 0 {
		if !w.failed(used[0].at) { // else it could not be read
			w.wrong(used[0].n.position, used[0].at, "leave it out for no timeout", "%s must be above 0", used[0].at.last())
		}
		return 0, false
	}
	return *used[0].long, true
}

// retry gives the retry layer, none for one attempt.
func (w *written) retry() []plan.Layer {
	r, again := w.common.Retry, w.common.Config.MaxRetries
	attempts := 1
	switch {
	case r != nil && r.Attempts != nil && again != nil:
		w.wrong(w.node.get("retry").get("attempts").position, w.at.key("retry").key("attempts"),
			"max_retries: 2 is attempts: 3; keep one", "retry.attempts and config.max_retries say the same thing")
	case again != nil:
		attempts = 1 + w.atLeast(*again, 0, w.node.get("config"), w.at.key("config"), "max_retries")
	case r != nil && r.Attempts != nil:
		attempts = w.atLeast(*r.Attempts, 1, w.node.get("retry"), w.at.key("retry"), "attempts")
	case r != nil:
		if !w.failed(w.at.key("retry")) {
			w.wrong(w.node.get("retry").position, w.at.key("retry"), "", "retry needs the key attempts: how many are made at most")
		}
	default:
		return nil // compiling gives a step that asks a model a second attempt
	}
	opts := w.retryOptions()
	if attempts == 1 && !w.agent {
		return nil
	}
	return []plan.Layer{retry.UpTo(attempts, opts...)}
}

// mostAttempts is above what anybody means, and keeps the number from overflowing.
const mostAttempts = 1_000_000

// atLeast gives a number that must not be below a least one, the least where it is.
func (w *written) atLeast(n, least int, in *node, at path, key string) int {
	if n >= least && n <= mostAttempts {
		return n
	}
	if !w.failed(at.key(key)) {
		w.wrong(in.get(key).position, at.key(key), "", "%s is from %d to %d, not %d", key, least, mostAttempts, n)
	}
	return least
}

func (w *written) retryOptions() []retry.Option {
	var opts []retry.Option
	r := w.common.Retry
	if r == nil {
		r = &retrying{}
	}
	if b := r.Backoff; b != nil {
		opts = append(opts, w.backoff(b)...)
	} else if w.agent {
		opts = append(opts, retry.BackoffOn(plan.ClassRateLimit, plan.ClassOverload))
	}
	if n := w.node.get("retry"); n != nil && n.get("on") != nil {
		if classes := w.classes(r.On, n.get("on")); len(classes) > 0 {
			opts = append(opts, retry.On(classes...))
		}
	}
	return opts
}

func (w *written) backoff(b *backoff) []retry.Option {
	n, at := w.node.get("retry").get("backoff"), w.at.key("retry").key("backoff")
	initial, factor, longest := b.Initial, b.Factor, b.Max
	if n.get("initial") == nil {
		initial = retry.DefaultInitial
	}
	if n.get("factor") == nil {
		factor = retry.DefaultFactor
	}
	if n.get("max") == nil {
		longest = max(retry.DefaultMax, initial)
	}
	if w.failed(at) {
		return nil
	}
	switch {
	case initial <= 0:
		w.wrong(n.position, at.key("initial"), "", "initial must be above 0")
	case factor < 1:
		w.wrong(n.position, at.key("factor"), "", "factor is at least 1")
	case longest < initial:
		w.wrong(n.position, at.key("max"), "", "max (%v) may not be shorter than initial (%v)", longest, initial)
	case b.Jitter < 0 || b.Jitter > 1:
		w.wrong(n.position, at.key("jitter"), "", "jitter is from 0 to 1")
	}
	opts := []retry.Option{retry.Backoff(initial, factor, longest)}
	if b.Jitter > 0 {
		opts = append(opts, retry.Jitter(b.Jitter))
	}
	return opts
}

// retryable are the classes that retry.on takes.
func retryable() []string {
	return []string{
		string(plan.ClassRateLimit), string(plan.ClassOverload), string(plan.ClassTimeout), string(plan.ClassNetwork),
		string(plan.ClassAuth), string(plan.ClassBadRequest), string(plan.ClassContextLength), string(plan.ClassContentFilter),
		string(plan.ClassInvalidOutput), string(plan.ClassPanic),
	}
}

func (w *written) classes(names []string, n *node) []plan.Class {
	at := w.at.key("retry").key("on")
	if len(names) == 0 && !w.failed(at) {
		w.wrong(n.position, at, "leave it out to try again after every failure", "no class is named")
	}
	var classes []plan.Class
	for i, name := range names {
		if slices.Contains(retryable(), name) {
			classes = append(classes, plan.Class(name))
			continue
		}
		where := n.position
		if i < len(n.items) {
			where = n.items[i].position
		}
		hint := "there are " + strings.Join(retryable(), ", ")
		if near, ok := nearest.Name(name, retryable()); ok {
			hint = "did you mean " + near + "?"
		}
		if !w.failed(at.index(i)) {
			w.wrong(where, at.index(i), hint, "there is no class of failures %s", quoted(name))
		}
	}
	return classes
}
