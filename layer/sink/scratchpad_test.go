package sink_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/state"
)

func TestB003_ASinkIntoAScratchpadDoesNotCompile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"scratchpad", "scratchpad.x"} {
		s := weir.Func("s", func(_ context.Context, s string) (string, error) { return s, nil }).With(sink.To(path))
		if _, err := weir.Compile(s, nil); !errors.Is(err, state.ErrScratchpad) {
			t.Errorf("sink_to %s: %v", path, err)
		}
	}
}
