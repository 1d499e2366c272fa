package weir

import (
	"reflect"
	"slices"

	"github.com/weirflow/weir/plan"
)

// Step is a unit of work from I to O, as written: a value to be passed, shared and reused. A pipeline is a step. The zero
// value is no step; Compile says where one was left.
type Step[I, O any] struct {
	step *plan.Step
	_    [0]func(I) O // keeps Step[A, B] from being converted to Step[C, D]
}

// Of gives types to a written step. It is for those who write kinds: nothing checks that the step keeps to I and O until a
// value of another type arrives, which is then a failure of that step.
func Of[I, O any](s *plan.Step) Step[I, O] { return Step[I, O]{step: s} }

// Make is Of for a new step: it fills in the types and gives the node a name.
func Make[I, O any](name string, node plan.Node) Step[I, O] {
	return Of[I, O](&plan.Step{Name: name, Node: node, In: typeOf[I](), Out: typeOf[O]()})
}

// Dynamic is Of for a step whose types are not known before it runs, such as one from a blueprint.
func Dynamic(s *plan.Step) Step[any, any] { return Of[any, any](s) }

// Written gives the step with its types taken off, nil for the zero value.
func (s Step[I, O]) Written() *plan.Step { return s.step }

// Name is the step's name, empty for a sequence without one.
func (s Step[I, O]) Name() string {
	if s.step == nil {
		return ""
	}
	return s.step.Name
}

// With puts layers round the step, outermost first, outside those that it has. The step itself stays as it is.
func (s Step[I, O]) With(layers ...plan.Layer) Step[I, O] {
	return s.changed(func(c *plan.Step) { c.Layers = slices.Concat(layers, c.Layers) })
}

// Named gives the step another name: its segment in paths.
func (s Step[I, O]) Named(name string) Step[I, O] {
	return s.changed(func(c *plan.Step) { c.Name = name })
}

// changed is a copy of the step after f.
func (s Step[I, O]) changed(f func(*plan.Step)) Step[I, O] {
	if s.step == nil {
		return s
	}
	c := *s.step
	f(&c)
	return Step[I, O]{step: &c}
}

// typeOf is the type T, or nil for any, which every value has.
func typeOf[T any]() reflect.Type {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		return nil
	}
	return t
}
