package layer_test

import (
	"testing"
	"time"

	"github.com/weirflow/weir/layer"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/sink"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
)

func TestPlaceKeepsWhatStandsFurtherInInside(t *testing.T) {
	t.Parallel()
	late, again, keep := timeout.After(time.Second), retry.UpTo(2), sink.To("x")
	for _, c := range []struct {
		layers []plan.Layer
		name   string
		want   int
	}{
		{nil, "limit", 0},
		{[]plan.Layer{late}, "limit", 0},        // outside the timeout: a wait for a permit is not the step's time
		{[]plan.Layer{again, late}, "limit", 1}, // inside the retry: a permit an attempt
		{[]plan.Layer{keep, late}, "retry", 1},
		{[]plan.Layer{late, again}, "limit", 2}, // written the other way round: as far in as it can
	} {
		if got := layer.Place(c.layers, c.name); got != c.want {
			t.Errorf("%s goes to %d, want %d", c.name, got, c.want)
		}
	}
}
