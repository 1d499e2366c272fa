package bench

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/layer/limit"
)

// blocked is what the process's profile of blocking has more after f than before.
func blockedIn(f func()) Waits {
	before := record(runtime.BlockProfile)
	runtime.SetBlockProfileRate(1)
	f()
	runtime.SetBlockProfileRate(0)
	return record(runtime.BlockProfile).since(before, tickTime())
}

// The profile is that of the process, so these are not parallel.

func TestAWaitForAPermitIsOneOfWeirsOwn(t *testing.T) {
	for range 1000 { // until one has come before the permit was free
		w := blockedIn(func() {
			l := limit.New(1)
			if err := l.Acquire(t.Context()); err != nil {
				t.Fatal(err)
			}
			done := make(chan error)
			go func() { done <- l.Acquire(t.Context()) }()
			for range 100 {
				runtime.Gosched()
			}
			l.Release()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		})
		for _, x := range w.Weir {
			if strings.HasPrefix(x.Function, "layer/limit.") && !x.Lock && w.Own() > 0 && w.Counted() <= w.All && x.Share > 0 && x.Share <= 1 {
				return
			}
		}
	}
	t.Error("the limit is missing")
}

func TestAWaitOfTheLoadItselfIsSetApartAndALockIsKnownAsOne(t *testing.T) {
	w := blockedIn(func() {
		var mu sync.Mutex
		mu.Lock()
		done := make(chan struct{})
		go func() {
			mu.Lock()
			defer mu.Unlock()
			close(done)
		}()
		wait(20 * time.Millisecond)
		mu.Unlock()
		<-done
	})
	for _, x := range w.Load {
		if x.Lock && strings.HasPrefix(x.Function, module+"/bench.TestAWaitOfTheLoad") {
			return
		}
	}
	t.Errorf("%+v", w)
}

func TestTheLockOfAPoolIsGosOwn(t *testing.T) {
	t.Parallel()
	var pcs [32]uintptr
	pool := sync.Pool{New: func() any { return runtime.Callers(0, pcs[:]) }}
	if pool.Get(); pcs[2] == 0 {
		t.Fatal("no stack")
	}
	if function, _ := waiter(pcs[1:]); !strings.HasPrefix(function, module+"/bench.TestTheLock") {
		t.Errorf("of what is below it: %q", function)
	}
	if function, lock := waiter(pcs[2:]); function != "" || lock {
		t.Errorf("it is that of %q", function)
	}
}

func TestWeirsOwnCodeIsNeitherTheCommandNorWhatMeasures(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		module + ".(*Plan[...]).Run": true, module + "/cache.(*LRU).Get": true, module + "/engine/local.run": true, module: false,
		module + "/bench.(*Suite).Run": false, module + "/cmd/weir.load": false, "main.load": false, "net/http.Get": false, "github.com/weirflow/weirder.F": false,
	} {
		if ofWeir(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}

func TestALockIsABreachWhenItIsMuchOfTheWaitsAndOfTheTime(t *testing.T) {
	t.Parallel()
	second := float64(time.Second)
	c := &Contention{InFlight: 100, Seconds: 2, Most: 0.02, Block: Waits{Weir: []Wait{
		{Function: "much", Lock: true, Ns: second, Share: 0.5}, {Function: "a channel", Ns: second, Share: 0.4},
		{Function: "a small part", Lock: true, Ns: second, Share: 0.01}, {Function: "next to nothing", Lock: true, Ns: 0.1 * second, Share: 0.09},
	}}}
	if list := c.Breaches(); len(list) != 1 || list[0].Function != "much" || len(c.Block.Weir) != 4 {
		t.Errorf("%+v", list)
	}
}

func TestTrafficEndsWithItsTimeItsContextOrItsFirstError(t *testing.T) {
	t.Parallel()
	fine := &Traffic{Run: func(context.Context) error { return nil }}
	if runs, err := fine.For(t.Context(), time.Millisecond); err != nil || runs == 0 {
		t.Error(runs, err)
	}
	broken := errors.New("broken")
	if _, err := (&Traffic{Run: func(context.Context) error { return broken }}).For(t.Context(), time.Hour); !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	if _, err := (&Traffic{InFlight: 9, Run: func(context.Context) error { cancel(stop); return ctx.Err() }}).For(ctx, time.Hour); !errors.Is(err, stop) {
		t.Error(err)
	}
}
