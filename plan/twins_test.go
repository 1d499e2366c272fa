package plan

import "testing"

func TestEachNameOfATwinOfAnEngineIsRead(t *testing.T) {
	t.Parallel()
	all := map[string]bool{"cow": true, "pool": true, "spine": true, "crew": true, "lazycancel": true, "stack": true, "key": true}
	if got := twins(all); got != (Twins{true, true, true, true, true, true}) {
		t.Errorf("%+v", got)
	}
	if got := twins(map[string]bool{"pool": true}); got != (Twins{Pool: true}) {
		t.Errorf("%+v", got)
	}
	if got := twins(nil); got != (Twins{}) {
		t.Errorf("%+v", got)
	}
}
