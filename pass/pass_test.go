package pass_test

import (
	"testing"

	"github.com/weirflow/weir/pass"
	"github.com/weirflow/weir/plan/plantest"
)

func TestEveryPassKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, p := range pass.All() {
		t.Run(p.Name(), func(t *testing.T) {
			t.Parallel()
			plantest.Pass(t, p)
		})
	}
}
