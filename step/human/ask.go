package human

import (
	"context"
	"slices"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Ask makes a step that asks a question and gives the answer, an A. An answer may be an A, what JSON holds, or JSON text; it must fit
// the schema that is inferred from A as encoding/json would write it, and is refused with everything that is wrong with it otherwise.
//
// question makes the question of the input; Text makes one that is always the same. A run that is resumed does not
// call it again.
func Ask[I, A any](name string, question func(context.Context, I) (string, error), opts ...Option) weir.Step[I, A] {
	s := asking(question)
	a, err := typed[A]()
	if err != nil {
		s.mistakes = append(s.mistakes, err)
		a = anything()
	}
	s.answers = a
	return weir.Make[I, A](name, s.built(opts))
}

// Approve makes a step that asks whether its input is to go on. It gives the input when somebody approved it, and fails with
// plan.CodeRejected, an ordinary failure, when not. An answer is an Approval, a bool, or a word: approve, reject, yes, no.
func Approve[T any](name string, question func(context.Context, T) (string, error), opts ...Option) weir.Step[T, T] {
	s := asking(question)
	s.Approve, s.answers = true, approval()
	return weir.Make[T, T](name, s.built(opts))
}

// Text is a question that is the same for every input.
func Text[I any](question string) func(context.Context, I) (string, error) {
	return func(context.Context, I) (string, error) { return question, nil }
}

// asking is a spec with a question of a typed input.
func asking[I any](question func(context.Context, I) (string, error)) *Spec {
	s := &Spec{}
	if question == nil {
		s.mistake("there is no question; give a function, or human.Text")
	}
	s.question = func(ctx context.Context, in any) (string, error) {
		v, err := plan.As[I](in)
		if err != nil {
			return "", err
		}
		return question(ctx, v)
	}
	return s
}

// built is the node of a spec from Go.
func (s *Spec) built(opts []Option) *node {
	for _, o := range slices.DeleteFunc(slices.Clone(opts), func(o Option) bool { return o == nil }) {
		o(s)
	}
	if s.Approve && len(s.Options) > 0 {
		s.mistake("an approval has its own options; leave human.Options out")
	}
	s.check()
	return &node{spec: *s}
}
