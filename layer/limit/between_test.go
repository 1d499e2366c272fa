package limit

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// What lies between two lines of Acquire and Release is too short to be met by chance: these tests stop there.

func TestAPermitThatComesBeforeItsTakerHasQueuedIsKeptForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1)
		if err := l.Acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.free.Add(-1) // the first line of Acquire
		l.Release()
		if err := l.wait(t.Context()); err != nil { // its second: a wait that never ended would be a deadlock
			t.Error(err)
		}
		if l.InUse() != 1 || l.early != 0 {
			t.Errorf("%d in use and %d early, want 1 and 0", l.InUse(), l.early)
		}
	})
}

func TestATakerThatGivesUpWhileAPermitIsOnItsWayHandsItOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1)
		if err := l.Acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var got error
		go func() { got = l.Acquire(ctx) }()
		synctest.Wait()
		if l.free.Add(1) != 0 { // the first line of Release
			t.Fatal("nobody waits")
		}
		cancel()
		synctest.Wait()
		l.deliver(1) // its second
		synctest.Wait()
		if !errors.Is(got, context.Canceled) || l.free.Load() != 1 || l.early != 0 {
			t.Errorf("error %v, %d free, %d early; want the cancellation, 1 and 0", got, l.free.Load(), l.early)
		}
	})
}

func TestATakerThatWasServedCannotLeaveTheQueueAsWell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1)
		if err := l.Acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		served := false
		for range 2 {
			go func() {
				if l.Acquire(t.Context()) == nil {
					served = true
				}
			}()
			synctest.Wait()
		}
		first := l.waiters.first
		l.Release()
		if !l.left(first) {
			t.Error("it left without its permit")
		}
		synctest.Wait()
		if !served {
			t.Error("it was not served")
		}
		l.Release() // ends the second
	})
}
