package blueprint

// validationStep says whether meta makes the step one, and whether what it finds wrong fails it, which is the default.
func (w *written) validationStep() (is, strict bool) {
	is, strict = w.meta("is_validation_step", false), w.meta("strict_validation", true)
	at := w.at.key("meta").key("strict_validation")
	if n := w.inMeta("strict_validation"); n != nil && !is && !w.failed(at) {
		w.wrong(n.position, at, "add is_validation_step: true, or leave it out", "strict_validation is for validation steps")
	}
	return is, strict
}

// adapter refuses a step that says it is an adapter and not of what.
func (w *written) adapter() {
	if !w.meta("is_adapter", false) {
		return
	}
	for _, key := range []string{"adapter_id", "adapter_allow"} {
		if n := w.inMeta(key); n == nil || n.kind == nullNode || n.kind == textNode && n.text == "" {
			w.wrong(w.inMeta("is_adapter").position, w.at.key("meta").key("is_adapter"), "add "+key+", or leave is_adapter out", "an adapter needs %s", key)
		}
	}
}

// meta gives a key of meta that is true or false.
func (w *written) meta(key string, otherwise bool) bool {
	n := w.inMeta(key)
	if n == nil {
		return otherwise
	}
	if n.kind != boolNode {
		w.mismatch(n, w.at.key("meta").key(key), "true or false")
		return otherwise
	}
	return n.value.(bool)
}

// inMeta gives the value of a key of meta, nil where there is none.
func (w *written) inMeta(key string) *node {
	if n := w.node.get("meta"); n != nil && n.kind == mapNode {
		return n.get(key)
	}
	return nil
}
