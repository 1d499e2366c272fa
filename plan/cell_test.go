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
	var c *cell[string]
	op := func(fails bool) func(context.Context, string) (string, error) {
		return func(_ context.Context, s string) (string, error) {
			if c.v != "" || s != "secret" {
				t.Errorf("while the function of %q runs the cell holds %q", s, c.v)
			}
			if fails {
				return "beside the error", failure
			}
			return "out", nil
		}
	}
	run := func(op Op) (any, error) {
		c = &cell[string]{v: "secret"}
		return op(t.Context(), nil, c)
	}
	h := hop{from: &sync.Pool{}, to: &sync.Pool{}}
	if out, err := run(FormsOf(op(false)).op(h)); out != any(c) || c.v != "out" || err != nil {
		t.Errorf("the same cell: %v, %v", out, err)
	}
	for name, op := range map[string]Op{
		"reuses": reuses(op(true), h), "changes": changes(op(true), h), "takes": takes(op(true), h),
	} {
		if out, err := run(op); out != nil || err != failure || c.v != "" {
			t.Errorf("%s: a failure gives %v, %v and leaves %q", name, out, err, c.v)
		}
	}
	if out, err := run(FormsOf(op(false)).op(hop{from: h.from})); out != "out" || err != nil || c.v != "" {
		t.Errorf("the last: %v, %v, and leaves %q", out, err, c.v)
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
