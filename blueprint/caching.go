package blueprint

import (
	"maps"
	"reflect"
	"time"

	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/hash"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// cacheKind is the kind of a step that is another one with its results kept.
const cacheKind = "cache"

// caching is the key cache of a step: true, how long, or a map.
type caching struct {
	TTL *time.Duration `weir:"ttl" doc:"How long a result is kept: 1h, or a number of seconds; 0 is for ever. Default: as long as the cache likes, an hour."`
	Key spec.Expr      `weir:"key" doc:"An expression whose value finds the result, in place of the step's input. It sees previous_step, context and steps."`

	on bool
}

var cachingType = reflect.TypeFor[caching]()

// caching reads the key cache.
func (d *decoder) caching(n *node, at path, v reflect.Value) {
	c := v.Addr().Interface().(*caching)
	switch n.kind {
	case boolNode:
		c.on = n.value.(bool)
	case mapNode:
		c.on = true
		d.object(n, at, cacheKind, d.shapeOf(c))
	case textNode, intNode, floatNode:
		c.on, c.TTL = true, new(time.Duration)
		d.duration(n, at, reflect.ValueOf(c.TTL).Elem())
	default:
		d.mismatch(n, at, "true, a duration such as 1h, or a map with the keys ttl and key")
	}
}

// wrapping is a step of kind cache.
type wrapping struct {
	Step spec.Step      `weir:"wrapped_step,required" doc:"The step, or list of steps, whose results are kept."`
	TTL  *time.Duration `weir:"ttl" doc:"How long a result is kept: 1h, or a number of seconds; 0 is for ever. Default: as long as the cache likes, an hour."`
	Key  spec.Expr      `weir:"key" doc:"An expression whose value finds the result, in place of the step's input. It sees previous_step, context and steps."`
}

// Node is the step that is wrapped, in the scope of the one that wraps it.
func (w *wrapping) Node() (plan.Node, error) {
	return &plan.Sequence{Steps: []*plan.Step{w.Step.Step}}, nil
}

// cachingKind is the entry of the list of kinds. It is no kind of its own: what caches is a layer.
func cachingKind() spec.Kind {
	return spec.Kind{Name: cacheKind, Doc: "Keeps the results of a step.", New: func() spec.Spec { return &wrapping{} }}
}

// wraps takes over what a step of kind cache says.
func (w *written) wraps(own *wrapping) {
	if n := w.node.get("cache"); n != nil {
		w.wrong(n.position, w.at.key("cache"), "leave the key out", "the step is of kind cache already")
	}
	w.common.Cache = &caching{TTL: own.TTL, Key: own.Key, on: true}
}

// cache gives the layer that keeps the step's results.
func (w *written) cache() []plan.Layer {
	c := w.common.Cache
	if c == nil || !c.on {
		return nil
	}
	n, at := w.node.get("cache"), w.at.key("cache")
	if n == nil { // of kind cache
		n, at = w.node, w.at
	}
	ttl := cache.Own
	if c.TTL != nil {
		if ttl = *c.TTL; ttl < 0 {
			if long := n.get("ttl"); long != nil {
				n, at = long, at.key("ttl")
			}
			w.wrong(n.position, at, "0 is for ever", "a result cannot be kept for %v", ttl)
			return nil
		}
	}
	opts := []cache.Option{cache.Version(w.definition())}
	switch {
	case c.Key.Set():
		opts = append(opts, cache.KeyExpr(c.Key))
	case w.elsewhere():
		w.wrong(n.position, at, "give cache the key key, with all that it depends on: key: \"[previous_step, context.topic]\"",
			"the step reads context or steps, and a result is found by its input alone")
		return nil
	case w.common.Input.Set():
		opts = append(opts, cache.KeyValue(w.common.Input)) // what the step works on, not what it would have got
	}
	return []plan.Layer{cache.For(ttl, opts...)}
}

// elsewhere says that an expression of the step, or of one inside, reads what is not in its input.
func (w *written) elsewhere() bool {
	read := w.outside - w.outsideBefore
	if t, ok := w.common.Input.Program.(*expr.Template); ok && outside(t.Refs()) {
		read-- // the input is rendered for the key
	}
	return read > 0
}

// outside says that an expression reads the run's state or earlier steps.
func outside(r expr.Refs) bool { return len(r.Context) > 0 || r.WholeContext || len(r.Steps) > 0 }

// definition is a digest of the step as it is written, without how long its results are kept.
func (w *written) definition() string {
	keys, _ := w.node.plain().(map[string]any)
	maps.DeleteFunc(keys, func(key string, _ any) bool { return key == cacheKind || key == "ttl" || key == "meta" })
	digest, err := hash.Of(nil, keys)
	if err != nil {
		return "" // too deep: the fingerprint of the step is in the key as well
	}
	return digest
}
