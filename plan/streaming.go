package plan

// streaming marks the one step that may tell its output in parts: the last one of the run's outermost sequence, when it asks a
// model and has no children. What the other steps write is not the run's answer. A step inside another (parallel, loop, map,
// conditional, fallback), or in a sequence that has layers, may run several times, or be one of several; and where a layer
// needs the whole output (see Analysis.Whole), or a plugin may replace it, no part of it may get out before. Checks, on the other
// hand, judge an answer that was told already: one that they refuse fails the step all the same.
func streaming(t *Tree) {
	for t.Step != nil && len(t.Step.Layers) == 0 && len(t.Children) > 0 {
		if _, ok := t.Step.Node.(*Sequence); !ok {
			return
		}
		t = t.Children[len(t.Children)-1]
	}
	if t.Site != nil {
		a := &t.Site.Analysis
		t.Site.Streams = a.Model && a.Leaf && !a.Whole && !a.HasPlugins
	}
}
