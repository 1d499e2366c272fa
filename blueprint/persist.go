package blueprint

import (
	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/layer/persist"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
)

// persisted gives the layers that write down what went wrong.
func (w *written) persisted() []plan.Layer {
	var layers []plan.Layer
	if key := w.common.FeedbackTo; key != nil && w.listKey("persist_feedback_to_context", *key) {
		layers = append(layers, persist.Feedback(*key))
	}
	if key := w.common.ResultsTo; key != nil && w.listKey("persist_validation_results_to", *key) {
		layers = append(layers, validate.PersistTo(*key))
	}
	return layers
}

// listKey says whether a key of the context can hold a list. Without a section context the keys come with the run.
func (w *written) listKey(says, key string) bool {
	at := w.at.key(says)
	if w.failed(at) {
		return false
	}
	where := w.node.get(says).position
	switch {
	case key == "":
		w.wrong(where, at, "", "%s is empty; name a key of the context that holds a list", says)
		return false
	case key == "scratchpad":
		w.wrong(where, at, "give each value a key of its own", "there is no scratchpad in the context")
		return false
	case w.declared == nil || w.failed("context"):
		return true
	}
	var known []string
	for _, v := range w.state {
		known = append(known, v.Name())
		if v.Name() != key {
			continue
		}
		if _, list := v.ListType(); !list {
			w.wrong(where, at, "declare it as "+key+": {type: array}", "the key %s of the context does not hold a list", quoted(key))
			return false
		}
		return true
	}
	hint := "declare it: " + key + ": {type: array}"
	if near, ok := nearest.Name(key, known); ok {
		hint = "did you mean " + near + "?"
	}
	w.wrong(where, at, hint, "the context has no key %s", quoted(key))
	return false
}
