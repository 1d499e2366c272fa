package bench

import (
	"os"
	"testing"

	"github.com/weirflow/weir"
)

// The memory of a process is its own only when nothing else runs in it, so this test is not parallel; it holds 2,000 runs at a time.
func TestRunsThatWaitAreHeldAndEnd(t *testing.T) {
	for _, w := range waits() {
		on, goroutines, err := w.parked(t.Context())
		if err != nil || on <= 0 {
			t.Errorf("%s: %v bytes, %v", w.name, on, err)
		}
		if goroutines > 0.05 && (w.rests || os.Getenv(weir.WithoutEnv) == "") {
			t.Errorf("a run that waits for a %s holds %v goroutines", w.name, goroutines)
		}
		off, held, err := w.standing(t.Context())
		if err != nil || off <= 0 || held < 0.99 {
			t.Errorf("%s: %v bytes, %v goroutines, %v", w.name, off, held, err)
		}
	}
	ours, ref, goroutines, err := inflight(t.Context(), flight)
	if err != nil || ours < ref || ref < 512 || goroutines < 0.99 || goroutines > 1.01 {
		t.Errorf("a blocked run: %v bytes beside %v, %v goroutines, %v", ours, ref, goroutines, err)
	}
}
