package local

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAGroupEndsThoseWhoWaitForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &group{ctx: t.Context()}
		early := g.Done()
		derived, cancel := context.WithTimeout(g, time.Hour)
		defer cancel()
		if g.Err() != nil || derived.Err() != nil {
			t.Fatal("ended before it was ended")
		}
		g.end()
		g.end()
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
	g := &group{ctx: parent}
	asked := &group{ctx: parent}
	done := asked.Done()
	cancel(cause)
	<-done
	for _, g := range []*group{g, asked} {
		if g.Err() == nil || context.Cause(g) != cause || g.Value(key{}) != "v" {
			t.Errorf("err %v, cause %v, value %v", g.Err(), context.Cause(g), g.Value(key{}))
		}
	}
}

type key struct{}
