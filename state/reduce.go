package state

import (
	"cmp"
	"slices"
)

// Number is any type of number that Sum adds.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Sum is a reducer under which every increment counts: a and b are what two made of base.
func Sum[T Number](base, a, b T) T { return a + (b - base) }

// Max is a reducer that keeps the greater of two.
func Max[T cmp.Ordered](_, a, b T) T { return max(a, b) }

// Min is a reducer that keeps the lesser of two.
func Min[T cmp.Ordered](_, a, b T) T { return min(a, b) }

// Append is a reducer that adds to a what b has beyond the length of base: both are taken to have only
// appended.
func Append[S ~[]E, E any](base, a, b S) S {
	return append(slices.Clip(a), b[min(len(base), len(b)):]...)
}

// Union is a reducer that adds to a the items of b that it does not have.
func Union[S ~[]E, E comparable](_, a, b S) S {
	have := make(map[E]struct{}, len(a)+len(b))
	for _, item := range a {
		have[item] = struct{}{}
	}
	out := slices.Clip(a)
	for _, item := range b {
		if _, ok := have[item]; !ok {
			have[item] = struct{}{}
			out = append(out, item)
		}
	}
	return out
}
