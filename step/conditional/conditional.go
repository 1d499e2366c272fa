package conditional

import (
	"context"
	"reflect"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// If runs then when cond says true, else otherwise. The labels of the two are true and false. A zero otherwise means that
// there is none: the step then returns its input when an I is an O, and fails with the code no_branch when it is not. A
// condition that fails is the step's failure. Nothing is allocated here when the step succeeds.
func If[I, O any](
	name string, cond func(context.Context, I) (bool, error), then, otherwise weir.Step[I, O],
) weir.Step[I, O] {
	c := Of(On(true, then))
	if otherwise.Written() != nil {
		c = Of(On(true, then), On(false, otherwise))
	}
	s := switched(cond, c)
	s.pass = reflect.TypeFor[I]().AssignableTo(reflect.TypeFor[O]())
	return weir.Make[I, O](name, s.node())
}

// Switch runs the case whose key is the one that key gives, else the default. Keys are compared with ==; when K is an
// interface, a bool without a case of its own finds the case "true" or "false". Two cases of one key, and no case at all,
// are mistakes that Compile reports. Nothing is allocated here when a case runs.
func Switch[I, O any, K comparable](
	name string, key func(context.Context, I) (K, error), c Cases[K, I, O],
) weir.Step[I, O] {
	return weir.Make[I, O](name, switched(key, c).node())
}

// Cases are the branches of a Switch in declared order. They can be written as a value, or with their types inferred:
//
//	conditional.Of(conditional.On("high", page), conditional.On("low", file)).Else(ignore)
type Cases[K comparable, I, O any] struct {
	// Of are the cases.
	Of []Case[K, I, O]
	// Default runs when no case fits. The zero step: there is none, and the step fails then.
	Default weir.Step[I, O]
}

// Case is one branch of a Switch.
type Case[K comparable, I, O any] struct {
	// Key is what the key function gives for this branch. Its text is the branch's label, which may not hold / [ or ].
	Key K
	// Step is the branch.
	Step weir.Step[I, O]
}

// On makes a case.
func On[K comparable, I, O any](key K, step weir.Step[I, O]) Case[K, I, O] {
	return Case[K, I, O]{Key: key, Step: step}
}

// Of makes cases without a default.
func Of[K comparable, I, O any](cases ...Case[K, I, O]) Cases[K, I, O] {
	return Cases[K, I, O]{Of: cases}
}

// Else gives the cases with a default.
func (c Cases[K, I, O]) Else(step weir.Step[I, O]) Cases[K, I, O] {
	c.Default = step
	return c
}

// switched is the spec of a Switch.
func switched[I, B, R any, K comparable](key func(context.Context, I) (K, error), c Cases[K, B, R]) *Spec {
	s := &Spec{Default: spec.Step{Step: c.Default.Written()}}
	if key == nil {
		s.mistake("the condition is nil")
	}
	s.counted(len(c.Of))
	t := newTable[K](len(c.Of))
	for _, one := range c.Of {
		label, err := t.add(one.Key)
		if err != nil {
			s.mistakes = append(s.mistakes, err)
			continue
		}
		s.Branches = append(s.Branches, spec.Branch{Name: label, Step: spec.Step{Step: one.Step.Written()}})
	}
	s.choose = func(ctx context.Context, _ plan.Frame, in any) (choice, error) {
		v, err := plan.As[I](in)
		if err != nil {
			return choice{}, err
		}
		k, err := key(ctx, v)
		if err != nil {
			return choice{}, err
		}
		return t.find(k), nil
	}
	return s
}
