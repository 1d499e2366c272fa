package steptest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Execute compiles and runs a step with the defaults. One that does not compile ends the test.
func Execute[I, O any](t testing.TB, s weir.Step[I, O], in I, opts ...weir.RunOption) (*weir.Result[O], error) {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatalf("the step does not compile: %v", err)
	}
	return p.Execute(t.Context(), in, opts...)
}

// Refused compiles a step that must not compile, checks that the mistakes say each of some things, and gives their text.
func Refused[I, O any](t testing.TB, s weir.Step[I, O], parts ...string) string {
	t.Helper()
	_, err := weir.Compile(s, nil)
	if err == nil {
		t.Errorf("the step compiles; want a mistake that says %q", parts)
		return ""
	}
	Says(t, err.Error(), parts...)
	return err.Error()
}

// Reached gives the result of the step at a path, as written. One that was not reached ends the test.
func Reached[O any](t testing.TB, r *weir.Result[O], path string) weir.StepResult {
	t.Helper()
	s, ok := r.Step(path)
	if !ok {
		t.Fatalf("the step %q was not reached", path)
	}
	return s
}

// Failed checks the code of a failure and the path that it tells.
func Failed(t testing.TB, err error, code plan.Code, path string) {
	t.Helper()
	at, ok := errors.AsType[*weir.StepError](err)
	if !ok || at.Code != code || at.Path != path {
		t.Errorf("error %v; want the code %s at %s", err, code, path)
	}
}

// Path is where an error says that the run failed; "" where it does not say.
func Path(err error) string {
	if at, ok := errors.AsType[*weir.StepError](err); ok {
		return at.Path
	}
	return ""
}

// Says checks that a text says each of some things.
func Says(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

// Equal checks that a value is a list of these.
func Equal[T comparable](t testing.TB, got any, want ...T) {
	t.Helper()
	if list, ok := got.([]T); !ok || !slices.Equal(list, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}
