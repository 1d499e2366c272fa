package plan

import (
	"reflect"
	"sync"
)

// typedHops is the name of the optimisation that passes values on in cells.
const typedHops = "typed"

// hops replaces the ops of neighbours whose types meet by those that pass values on in cells. insts are what the trees were built
// to, one for each. The first step of such a chain takes any, the last gives any: nothing round it knows of cells.
func (p *builds) hops(trees []*Tree, insts []Inst) {
	if p.plain[typedHops] || len(trees) != len(insts) { // they differ where a mistake kept a step from being built
		return
	}
	var from *sync.Pool
	forms := p.forms(trees, 0)
	for i := range insts {
		next := p.forms(trees, i+1)
		var to *sync.Pool
		if forms != nil && next != nil && forms.out == next.in && pays(forms.out) {
			to = p.cells(forms.out)
		}
		if from != nil || to != nil { // else any to any: the op that it has
			insts[i].Op = forms.op(hop{from: from, to: to, limit: p.limit})
		}
		forms, from = next, to
	}
}

// forms are those of the step at i, nil for none. A layer round the step, or a builder that Config put in the place of its
// node's, knows values as any only.
func (p *builds) forms(trees []*Tree, i int) *Forms {
	if i >= len(trees) || trees[i].Step == nil || len(trees[i].Step.Layers) > 0 {
		return nil
	}
	n, ok := trees[i].Step.Node.(Typed)
	if !ok || p.kinds[trees[i].Step.Node.Kind()] != nil {
		return nil
	}
	return n.Forms()
}

// cells gives the pool of the empty cells of a type: one for a program.
func (p *builds) cells(of reflect.Type) *sync.Pool {
	if p.pools == nil {
		p.pools = map[reflect.Type]*sync.Pool{}
	}
	pool := p.pools[of]
	if pool == nil {
		pool = &sync.Pool{}
		p.pools[of] = pool
	}
	return pool
}

// maxCell is the size in bytes of the largest value that travels in a cell: a run that waits in a chain holds an empty one.
const maxCell = 1024

// pays says that values of type t travel in cells: those for which a box is allocated. For pointers there is none. Nor is there for
// an integer below 256: a chain of ten small integers took 3 to 5 % longer in cells, so that the 12 to 16 % that it gains on
// large ones are left.
func pays(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.String, reflect.Slice:
		return true
	case reflect.Struct:
		if t.NumField() == 1 {
			return pays(t.Field(0).Type)
		}
		return t.Size() > 1 && t.Size() <= maxCell
	case reflect.Array:
		if t.Len() == 1 {
			return pays(t.Elem())
		}
		return t.Size() > 1 && t.Size() <= maxCell
	}
	return false
}
