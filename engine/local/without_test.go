package local

import "testing"

func TestEachNameOfATwinOfTheEngineIsRead(t *testing.T) {
	t.Parallel()
	if got := without([]string{"cow", "crew", "key", "lazycancel", "pool", "spine"}); got != (plain{true, true, true, true, true}) {
		t.Errorf("%+v", got)
	}
	if got := without([]string{"pool"}); got != (plain{pool: true}) {
		t.Errorf("%+v", got)
	}
	if got := without(nil); got != (plain{}) {
		t.Errorf("%+v", got)
	}
}
