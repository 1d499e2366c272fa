package cancel

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAGroupEndsThoseWhoWaitForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := begun(t.Context())
		early := g.Done()
		derived, cancel := context.WithTimeout(g, time.Hour)
		defer cancel()
		if g.Err() != nil || derived.Err() != nil {
			t.Fatal("ended before it was ended")
		}
		g.End(nil)
		g.End(nil)
		synctest.Wait()
		select {
		case <-early:
		default:
			t.Error("one who asked before the end still waits")
		}
		select {
		case <-g.Done():
		default:
			t.Error("one who asks after the end waits")
		}
		if g.Err() != context.Canceled || derived.Err() != context.Canceled {
			t.Errorf("group %v, derived %v", g.Err(), derived.Err())
		}
	})
}

func TestAGroupEndsWithItsParentAndPassesOnTheCause(t *testing.T) {
	t.Parallel()
	cause := context.DeadlineExceeded
	parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "v"))
	g := begun(parent)
	asked := begun(parent)
	done := asked.Done()
	cancel(cause)
	<-done
	for _, g := range []*Lazy{g, asked} {
		if g.Err() == nil || context.Cause(g) != cause || g.Value(key{}) != "v" {
			t.Errorf("err %v, cause %v, value %v", g.Err(), context.Cause(g), g.Value(key{}))
		}
	}
}

type key struct{}

// begun gives a context under a parent.
func begun(parent context.Context) *Lazy {
	l := &Lazy{}
	l.Begin(parent)
	return l
}

func TestTheFirstCauseCounts(t *testing.T) {
	t.Parallel()
	first, second := errors.New("first"), errors.New("second")
	l := begun(t.Context())
	l.End(first)
	l.End(second)
	if l.Err() != context.Canceled || context.Cause(l) != first || !l.Ended() {
		t.Errorf("%v, %v; want canceled by the first", l.Err(), context.Cause(l))
	}
	l = begun(t.Context())
	eager := l.Eager()
	l.End(nil)
	if eager.Err() != context.Canceled || context.Cause(eager) != context.Canceled || context.Cause(l) != context.Canceled {
		t.Errorf("%v, %v, %v; want canceled", eager.Err(), context.Cause(eager), context.Cause(l))
	}
}
