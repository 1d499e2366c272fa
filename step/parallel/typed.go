package parallel

import (
	"context"
	"maps"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Reduce runs steps at the same time on the same input and gives what f makes of how they ended, in declared order. It
// fails when a step failed, after all have ended, and f is not called then; with OnFailure(Ignore), FirstSuccess and Quorum
// some branches may have failed, and say so. f sees the run's state with the branches' changes merged; its error, or panic,
// is the step's. A run that is resumed does not call f again. The step notes "reduced_from" (a ReducedFrom), as all below do.
func Reduce[I, B, O any](name string, f func(context.Context, []Branch[B]) (O, error), opts []Option, steps ...weir.Step[I, B]) weir.Step[I, O] {
	s := reducing(opts, steps)
	if f == nil {
		s.mistakes = append(s.mistakes, plan.Errorf(plan.CodeConfig, "the function that reduces the branches is nil"))
	}
	all := named[B](labels(s.Branches))
	s.reduced = reduction{word: reduceFunction, call: func(ctx context.Context, _ plan.Frame, ended []plan.Branch) (any, error) {
		list, err := all(ctx, ended)
		if err != nil {
			return nil, err
		}
		return f(ctx, list.([]Branch[B]))
	}}
	return weir.Make[I, O](name, s.node())
}

// First gives the output of the first declared branch that succeeded; with FirstSuccess that of the one that was fastest.
func First[I, O any](name string, opts []Option, steps ...weir.Step[I, O]) weir.Step[I, O] {
	return worded(reduceFirst, name, opts, steps)
}

// Last gives the output of the last declared branch that succeeded.
func Last[I, O any](name string, opts []Option, steps ...weir.Step[I, O]) weir.Step[I, O] {
	return worded(reduceLast, name, opts, steps)
}

// Majority gives the output that most branches gave; of those that equally many gave, the one that was declared first. A branch
// that failed does not vote, nor does one that gave nil; without votes the step fails with plan.CodeEmpty. Outputs are the
// same when reflect.DeepEqual says so. The step notes "consensus" (a Consensus).
func Majority[I, O any](name string, opts []Option, steps ...weir.Step[I, O]) weir.Step[I, O] {
	return worded(reduceMajority, name, opts, steps)
}

// SameCode is Majority for texts with code. What is compared is the code: what stands in the first fence of a text, or the
// text as a whole, without white space at its ends and at the ends of lines. The output is the winner's text as it was given.
func SameCode[I any](name string, opts []Option, steps ...weir.Step[I, string]) weir.Step[I, string] {
	return worded(reduceCode, name, opts, steps)
}

// Union joins the maps that the branches gave; of two values for a key the later declared stays.
func Union[I, V any, K comparable](name string, opts []Option, steps ...weir.Step[I, map[K]V]) weir.Step[I, map[K]V] {
	s := reducing(opts, steps)
	s.reduced = reduction{word: reduceUnion, ready: func(won []success) (verdict, error) {
		all := map[K]V{}
		err := outputs(won, func(_ string, m map[K]V) { maps.Copy(all, m) })
		return verdict{out: all}, err
	}}
	return weir.Make[I, map[K]V](name, s.node())
}

// Concat joins the lists that the branches gave, in declared order.
func Concat[I, E any](name string, opts []Option, steps ...weir.Step[I, []E]) weir.Step[I, []E] {
	s := reducing(opts, steps)
	s.reduced = reduction{word: reduceConcat, ready: func(won []success) (verdict, error) {
		all := []E{}
		err := outputs(won, func(_ string, list []E) { all = append(all, list...) })
		return verdict{out: all}, err
	}}
	return weir.Make[I, []E](name, s.node())
}

// Candidates is what the judge of Select is asked.
type Candidates[I, O any] struct {
	// Input is the step's input.
	Input I `json:"input"`
	// Candidates are the branches that succeeded, in declared order.
	Candidates []Candidate[O] `json:"candidates"`
}

// Candidate is one branch for a judge to pick.
type Candidate[O any] struct {
	Branch string `json:"branch"`
	Output O      `json:"output"`
}

// Select gives the output of the branch that judge picks: a step, which gives the name of a branch. It stands at the path
// evaluator below this one, and works after the others have ended. Its failure is the step's; a name that is no candidate's
// fails the step with plan.CodeNoBranch.
func Select[I, O any](name string, judge weir.Step[Candidates[I, O], string], opts []Option, steps ...weir.Step[I, O]) weir.Step[I, O] {
	s := reducing(opts, steps)
	s.Reduce = Reducing{Mode: reduceJudge, Evaluator: spec.Step{Step: judge.Written()}}
	s.reduced.pose = func(in any, won []success) (any, error) {
		input, err := plan.As[I](in)
		c := Candidates[I, O]{Input: input}
		if err == nil {
			err = outputs(won, func(branch string, out O) { c.Candidates = append(c.Candidates, Candidate[O]{branch, out}) })
		}
		return c, err
	}
	return weir.Make[I, O](name, s.node())
}

// reducing is the spec that they share.
func reducing[I, B any](opts []Option, steps []weir.Step[I, B]) *Spec {
	s := &Spec{Branches: branches(steps), typed: true}
	s.set(opts)
	return s
}

// worded is a step with a reducer that blueprints know.
func worded[I, O any](word, name string, opts []Option, steps []weir.Step[I, O]) weir.Step[I, O] {
	s := reducing(opts, steps)
	s.Reduce.Mode = word
	return weir.Make[I, O](name, s.node())
}

// outputs gives each output its type.
func outputs[B any](won []success, take func(branch string, out B)) error {
	for _, w := range won {
		out, err := plan.As[B](w.out)
		if err != nil {
			return plan.Errorf(plan.CodeType, "branch %q: %w", w.name, err)
		}
		take(w.name, out)
	}
	return nil
}
