package plan

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
)

func TestACellIsEmptyBeforeItIsUsedAgain(t *testing.T) {
	t.Parallel()
	failure := errors.New("boom")
	var c *Cell[string]
	op := func(fails bool) func(context.Context, string) (string, error) {
		return func(_ context.Context, s string) (string, error) {
			if c.V != "" || s != "secret" {
				t.Errorf("while the function of %q runs the cell holds %q", s, c.V)
			}
			if fails {
				return "beside the error", failure
			}
			return "out", nil
		}
	}
	run := func(op Op) (any, error) {
		c = &Cell[string]{V: "secret"}
		return op(t.Context(), nil, c)
	}
	pool := &sync.Pool{}
	if out, err := run(FormsOf(op(false)).reuses); out != any(c) || c.V != "out" || err != nil {
		t.Errorf("the same cell: %v, %v", out, err)
	}
	for name, op := range map[string]Op{
		"reuses": FormsOf(op(true)).reuses, "changes": FormsOf(op(true)).op(pool, &sync.Pool{}), "takes": FormsOf(op(true)).op(pool, nil),
	} {
		if out, err := run(op); out != nil || err != failure || c.V != "" {
			t.Errorf("%s: a failure gives %v, %v and leaves %q", name, out, err, c.V)
		}
	}
	if out, err := run(FormsOf(op(false)).op(pool, nil)); out != "out" || err != nil || c.V != "" {
		t.Errorf("the last: %v, %v, and leaves %q", out, err, c.V)
	}
}

func TestValuesThatNeedNoBoxTravelAsAny(t *testing.T) {
	t.Parallel()
	for _, v := range []any{1, uint8(1), true, new(int), map[string]int{}, make(chan int), func() {}, struct{}{}, struct{ p *int }{},
		struct{ n int }{}, [1]*int{}, [0]int{}, struct{ b bool }{}, [2048]byte{}, struct{ b [2048]byte }{}} {
		if pays(reflect.TypeOf(v)) {
			t.Errorf("%T travels in a cell", v)
		}
	}
	for _, v := range []any{"", 1.5, []int{}, [2]int{}, [1]string{}, struct{ s string }{}, struct{ a, b *int }{}, [1024]byte{}} {
		if !pays(reflect.TypeOf(v)) {
			t.Errorf("%T is boxed", v)
		}
	}
	if pays(reflect.TypeFor[error]()) {
		t.Error("an interface travels in a cell")
	}
}
