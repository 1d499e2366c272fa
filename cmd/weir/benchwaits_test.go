package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/layer/limit"
)

func TestAWaitForAPermitIsOneOfWeirsOwn(t *testing.T) {
	defer runtime.SetBlockProfileRate(0)
	runtime.SetBlockProfileRate(1)
	var w *loadWaits
	for range 1000 { // until one has come before the permit was free
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
		w = gatherWaits(1, time.Second, 2)
		for name := range w.block.weir {
			if strings.HasPrefix(name, "layer/limit.") && w.block.own() > 0 && w.block.own() <= w.block.all {
				return
			}
		}
	}
	t.Errorf("the limit is missing in %v", w.block.weir)
}

func TestWeirsOwnCodeIsNeitherThisCommandNorWhatMeasures(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		module + ".(*Plan[...]).Run": true, module + "/cache.(*LRU).Get": true, module + "/engine/local.run": true,
		module + "/bench.(*Suite).Run": false, module + "/cmd/weir.load": false, "main.load": false, "net/http.Get": false, "github.com/weirflow/weirder.F": false,
	} {
		if ofWeir(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}

func TestALoadEndsWithItsTimeItsContextOrItsFirstError(t *testing.T) {
	t.Parallel()
	fine := func(context.Context) error { return nil }
	if runs, err := load(t.Context(), fine, time.Millisecond); err != nil || runs == 0 {
		t.Error(runs, err)
	}
	broken := errors.New("broken")
	if _, err := load(t.Context(), func(context.Context) error { return broken }, time.Hour); !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := &signaled{os.Interrupt}
	_, err := load(ctx, func(context.Context) error { cancel(stop); return ctx.Err() }, time.Hour)
	if !errors.Is(err, stop) {
		t.Error(err)
	}
}
