package weir

import "github.com/weirflow/weir/plan"

// Then runs a and then b on what a gave. Nested Thens compile to one flat sequence.
func Then[A, B, C any](a Step[A, B], b Step[B, C]) Step[A, C] {
	return sequence[A, C]("", a.step, b.step)
}

// Then3 runs three steps one after the other.
func Then3[A, B, C, D any](a Step[A, B], b Step[B, C], c Step[C, D]) Step[A, D] {
	return sequence[A, D]("", a.step, b.step, c.step)
}

// Then4 runs four steps one after the other.
func Then4[A, B, C, D, E any](a Step[A, B], b Step[B, C], c Step[C, D], d Step[D, E]) Step[A, E] {
	return sequence[A, E]("", a.step, b.step, c.step, d.step)
}

// Then5 runs five steps one after the other.
func Then5[A, B, C, D, E, F any](a Step[A, B], b Step[B, C], c Step[C, D], d Step[D, E], e Step[E, F]) Step[A, F] {
	return sequence[A, F]("", a.step, b.step, c.step, d.step, e.step)
}

// Then6 runs six steps one after the other. For more, put one Then inside another.
func Then6[A, B, C, D, E, F, G any](a Step[A, B], b Step[B, C], c Step[C, D], d Step[D, E], e Step[E, F], f Step[F, G]) Step[A, G] {
	return sequence[A, G]("", a.step, b.step, c.step, d.step, e.step, f.step)
}

// Chain runs any number of steps of one type one after the other, under a name that their paths begin with. No steps: it
// returns its input.
func Chain[T any](name string, steps ...Step[T, T]) Step[T, T] {
	written := make([]*plan.Step, len(steps))
	for i, s := range steps {
		written[i] = s.step
	}
	return sequence[T, T](name, written...)
}

func sequence[I, O any](name string, steps ...*plan.Step) Step[I, O] {
	return Make[I, O](name, &plan.Sequence{Steps: steps})
}
