package builtin

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// program is an expression or template written in Go.
type program func(vars spec.Vars) (any, error)

func (p program) Eval(_ context.Context, vars spec.Vars) (any, error) { return p(vars) }

// constant is a value without placeholders.
func constant(v any) spec.Value {
	return spec.Value{Source: v, Program: program(func(spec.Vars) (any, error) { return v, nil })}
}

// where is an expression about item.
func where(holds func(item map[string]any) bool) spec.Expr {
	return spec.Expr{Source: "written in Go", Program: program(func(vars spec.Vars) (any, error) {
		return holds(vars[spec.VarItem].(map[string]any)), nil
	})}
}

// build makes the call or ends the test.
func build(t testing.TB, f Function, env Env) Call {
	t.Helper()
	call, err := f.Build(env)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return call
}

// run builds and calls, and wants no error.
func run(t testing.TB, f Function, in any) any {
	t.Helper()
	out, err := build(t, f, Env{})(t.Context(), in)
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	return out
}

// refused wants the call to fail with a code and every one of some words.
func refused(t testing.TB, f Function, env Env, in any, code plan.Code, words ...string) {
	t.Helper()
	out, err := build(t, f, env)(t.Context(), in)
	if err == nil {
		t.Fatalf("got %v, want an error with %q", out, words)
	}
	if got := plan.CodeOf(err); got != code {
		t.Errorf("code is %q, want %q (%v)", got, code, err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}

// mistaken wants Build to report exactly these keys, in order.
func mistaken(t testing.TB, f Function, env Env, keys ...string) {
	t.Helper()
	_, err := f.Build(env)
	if err == nil {
		t.Fatalf("Build took it; want mistakes at %q", keys)
	}
	var got []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		mistake, ok := errors.AsType[*KeyError](e)
		if !ok {
			t.Fatalf("%v is not a KeyError", e)
		}
		if mistake.Text == "" || plan.CodeOf(e) != plan.CodeConfig {
			t.Errorf("%v: text %q, code %q", e, mistake.Text, plan.CodeOf(e))
		}
		got = append(got, mistake.Key)
	}
	if !reflect.DeepEqual(got, keys) {
		t.Errorf("mistakes at %q, want %q: %v", got, keys, err)
	}
}

// same wants two values to be equal, sorts of numbers included.
func same(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

type object = map[string]any
