package human_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/human"
)

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestARunThatWaitsHoldsLittleMemory(t *testing.T) {
	if raced {
		t.Skip("the race detector needs memory of its own")
	}
	const runs, most = 2_000, 4 << 10
	s := weir.Then(weir.Func("before", func(_ context.Context, in int) (int, error) { return in, nil }),
		human.Ask[int, string]("ask", human.Text[int]("well?"), human.Within(time.Hour)))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	all := make([]*weir.Run[string], runs)
	for i := range all {
		if all[i], err = p.Start(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range all {
		waited(t, r)
	}
	each := (heap() - before) / runs
	t.Logf("%d bytes a run", each)
	if each > most {
		t.Errorf("a run that waits holds %d bytes, more than %d", each, most)
	}
	runtime.KeepAlive(all)
}
