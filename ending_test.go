package weir

import (
	"context"
	"testing"
)

func TestARunThatHasGoneOnHasNoResultToTake(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	p, err := Compile(Func("a", func(_ context.Context, n int) (int, error) { <-gate; return n, nil }), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := r.take(); res != nil || err != nil || r.Status() != Running {
		t.Errorf("%v, %v, %v", res, err, r.Status())
	}
	close(gate)
	if res, err := r.Wait(t.Context()); err != nil || res.Output != 1 {
		t.Errorf("%v, %v", res, err)
	}
}
