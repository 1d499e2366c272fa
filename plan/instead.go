package plan

// Instead builds another step to do the work of the one that is built, for a layer that may hand the work over. It is for
// Wrap: s runs at this step's site, under the layers that stand further in than the one which calls, each made anew for it
// (its own timer, its own permits), and under its own. What it uses and notes counts for the step. The op is nil after a
// mistake, which is reported: s must be a leaf, since it has no place of its own.
func (b *Builder) Instead(s *Step) Op {
	switch {
	case s == nil || s.Node == nil:
		b.Failf("a step that is to do the work instead is empty: it was never made (a nil or zero Step)")
		return nil
	case len(s.Node.Children()) > 0:
		b.Failf("step %q of kind %q cannot do the work instead: it runs other steps; give one that does its work itself", s.Name, s.Node.Kind())
		return nil
	}
	c := *s
	c.Layers = append(append([]Layer(nil), b.inner...), s.Layers...)
	work := &c
	a := analyse(work)
	if b.p.instead != nil {
		work = b.p.instead(work, a)
	}
	at := *b.tree
	at.Step, at.Children, at.parks = work, nil, false // the layer that hands the work over would not know of it
	if at.Under != nil {                              // the same place, for what stands there now
		site := *at.Under
		site.Analysis = a
		at.Under = &site
	}
	if at.Site != nil {
		at.Site = at.Under
	}
	return b.p.op(&Builder{p: b.p, tree: &at}, work)
}
