package spec_test

import (
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

func TestAFingerprintSaysWhatASpecSays(t *testing.T) {
	t.Parallel()
	s := struct {
		Body   spec.Step           `weir:"body,required"`
		Else   spec.Branches       `weir:"else"`
		Until  spec.Expr           `weir:"until"`
		Output spec.Value          `weir:"output"`
		By     spec.Func           `weir:"by"`
		Fields map[string][]string `weir:"fields"`
		Max    int                 `weir:"max"`
		Wait   time.Duration       `weir:"wait"`
		Zero   int                 `weir:"zero"`
		Hidden int                 `weir:"-"`
		Own    int
	}{
		Body: spec.Step{Step: &plan.Step{}}, Else: spec.Branches{{Name: "a"}}, Until: spec.Expr{Source: "output > 3"}, Output: spec.Value{Source: []any{"{{ a }}", 1}},
		By: spec.Func{Name: "key"}, Fields: map[string][]string{"b": {"x"}, "a": nil}, Max: 3, Wait: time.Second, Hidden: 1, Own: 1,
	}
	const want = `until="output > 3" output="[{{ a }} 1]" by="key" fields="map[a:[] b:[x]]" max="3" wait="1s" `
	if got := spec.Fingerprint(&s); got != want || spec.Fingerprint(s) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
