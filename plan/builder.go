package plan

import (
	"context"
	"reflect"
	"slices"
	"sync"
)

// Builder gives a node or a layer what it needs to make its op: the built children, the site, the components.
// It is valid only during the call it was given to.
type Builder struct {
	p        *builds
	tree     *Tree
	children []*Block
	// inner are the layers inside the one that is built.
	inner []Layer
	// parks says that everything round the op that is built can be called again.
	parks bool
}

// builds is what all Builders of one compile share.
type builds struct {
	kinds      map[string]func(*Builder, Node) Op
	layers     map[string]func(*Builder, Layer, Op) Op
	components map[reflect.Type]any
	decide     func(*Site, string) Decision
	decided    map[decided]int // how many decisions of a name a step has
	instead    func(*Step, Analysis) *Step
	plain      map[string]bool
	limit      int64                       // bytes of text that a step may return; 0: no limit
	pools      map[reflect.Type]*sync.Pool // of cells, by the type of their value
	sites      []*Site
	errs       []error
}

// Site is the place of the step that is built. For a sequence without a name it is that of the step round it, and nil at
// the top.
func (b *Builder) Site() *Site { return b.tree.Under }

// Step is the written step.
func (b *Builder) Step() *Step { return b.tree.Step }

// Child is child i as Node.Children gave it, built; an empty block where a mistake keeps it from being built.
func (b *Builder) Child(i int) *Block {
	if i >= len(b.children) {
		return &Block{}
	}
	return b.children[i]
}

// Sequence gives all children as one block, each a step of it.
func (b *Builder) Sequence() *Block { return b.p.flat(b.tree, b.children) }

// Fail adds a mistake to those that Compile reports. A nil error is ignored.
func (b *Builder) Fail(err error) {
	if err == nil {
		return
	}
	at := b.tree.Under
	text := mistake(pathOf(at), b.tree.Step.Source, err.Error())
	b.p.errs = append(b.p.errs, &Error{Code: CodeOf(err), Text: text.Error(), Err: err})
}

// Failf is Fail with a format and CodeConfig.
func (b *Builder) Failf(format string, args ...any) { b.Fail(Errorf(CodeConfig, format, args...)) }

// Component gives the injected component of type T, such as a usage.Meter or a registry of models: the very object that
// Config holds.
func Component[T any](b *Builder) (T, bool) {
	c, ok := b.p.components[reflect.TypeFor[T]()].(T)
	return c, ok
}

// build turns a tree into a block: of one step, or of its steps when it is a sequence without layers.
func (p *builds) build(t *Tree) *Block {
	if t.Step == nil || t.Step.Node == nil {
		return &Block{}
	}
	b := &Builder{p: p, tree: t, children: make([]*Block, len(t.Children))}
	for i, c := range t.Children {
		b.children[i] = p.build(c)
	}
	if plainSequence(t) {
		return p.flat(t, b.children)
	}
	op := p.op(b, t.Step)
	if op == nil && len(p.errs) == 0 {
		b.Failf("the kind %q made no op and gave no reason; its Build must do one or the other", t.Step.Node.Kind())
	}
	return p.block(t, []Inst{{Op: op, Site: t.Site}})
}

// op builds the step and puts its layers round it, from the inside out.
func (p *builds) op(b *Builder, s *Step) Op {
	var op Op
	b.parks = b.tree.parks && p.through(s.Layers)
	if custom := p.kinds[s.Node.Kind()]; custom != nil {
		op = custom(b, s.Node)
	} else {
		op = s.Node.Build(b)
	}
	for i, layer := range slices.Backward(s.Layers) {
		if layer == nil || op == nil {
			continue
		}
		b.inner, b.parks = s.Layers[i+1:], b.tree.parks && p.through(s.Layers[:i])
		if custom := p.layers[layer.Name()]; custom != nil {
			op = custom(b, layer, op)
		} else {
			op = layer.Wrap(b, op)
		}
	}
	return op
}

// plainSequence says that t is a sequence that needs no op of its own.
func plainSequence(t *Tree) bool {
	if t.Step == nil {
		return false
	}
	_, ok := t.Step.Node.(*Sequence)
	return ok && len(t.Step.Layers) == 0
}

// flat is the block of a sequence's children. A sequence among them that the flatten pass left standing is one step, which
// writes no record: its record is made from those of its steps.
func (p *builds) flat(t *Tree, children []*Block) *Block {
	insts := make([]Inst, 0, len(children))
	for i, c := range children {
		if plainSequence(t.Children[i]) {
			insts = append(insts, Inst{Op: within(c)})
			continue
		}
		insts = append(insts, c.Steps...)
	}
	p.hops(t.Children, insts)
	return p.block(t, insts)
}

// within runs a block as one step.
func within(block *Block) Op {
	return func(ctx context.Context, f Frame, in any) (any, error) {
		out, err := f.Do(ctx, block, -1, in)
		if err == ErrParked {
			out = in
		}
		return out, err
	}
}

// block makes a block of the steps at t with the range of sites it writes.
func (p *builds) block(t *Tree, insts []Inst) *Block {
	blk := &Block{Steps: insts, Lo: len(p.sites), Hi: 0}
	span(t, blk)
	if blk.Hi == 0 {
		blk.Lo = 0
	}
	blk.Depth = rounds(t)
	return blk
}

// span widens the block's range by the sites at and below t.
func span(t *Tree, b *Block) {
	if t.Site != nil {
		b.Lo, b.Hi = min(b.Lo, t.Site.Index), max(b.Hi, t.Site.End)
		return
	}
	for _, c := range t.Children {
		span(c, b)
	}
}

// rounds counts how many numbers a path at or below t can hold beyond those of t's own place.
func rounds(t *Tree) int {
	deepest := 0
	for _, c := range t.Children {
		deepest = max(deepest, rounds(c))
	}
	if t.Step != nil && t.Step.Node != nil {
		if _, ok := t.Step.Node.(Indexed); ok {
			deepest++
		}
	}
	return deepest
}
