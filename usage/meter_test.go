package usage_test

import (
	"context"
	"sync"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

func TestTotalsAreReadAtOneMoment(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 500
	var m usage.Totals
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				m.Add(t.Context(), usage.Usage{Requests: 1, InputTokens: 2, OutputTokens: 3, Cost: 4})
			}
		})
	}
	wg.Go(func() {
		for range each {
			if u := m.Total(); u.InputTokens != 2*u.Requests || u.OutputTokens != 3*u.Requests || u.Cost != 4*u.Requests {
				t.Errorf("torn total: %+v", u)
				return
			}
		}
	})
	wg.Wait()
	if got := m.Total().Requests; got != writers*each {
		t.Errorf("requests = %d, want %d", got, writers*each)
	}
}

func TestTotalsNeverGoDown(t *testing.T) {
	t.Parallel()
	var m usage.Totals
	m.Add(t.Context(), usage.Usage{Requests: 1, Cost: 10})
	m.Add(t.Context(), usage.Usage{Requests: 1, Cost: -100})
	if got := m.Total(); got != (usage.Usage{Requests: 2, Cost: 10}) {
		t.Errorf("total = %+v", got)
	}
}

func TestNopCountsNothing(t *testing.T) {
	t.Parallel()
	var m usage.Meter = usage.Nop{}
	m.Add(t.Context(), usage.Usage{Cost: 1})
	if !m.Total().IsZero() {
		t.Error("Nop counted")
	}
}

// sink keeps what it was told and answers with err.
type sink struct {
	usage.Sink // the rest is not called
	got        usage.Usage
	err        error
}

func (s *sink) Report(u usage.Usage) error { s.got = u; return s.err }

func TestReportReachesTheRun(t *testing.T) {
	t.Parallel()
	s := &sink{err: plan.ErrBudget}
	ctx := context.WithValue(t.Context(), usage.ContextKey{}, usage.Sink(s))
	err := usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 5, OutputTokens: -4, Cost: -1})
	if err != s.err {
		t.Errorf("err = %v, want the sink's", err)
	}
	if want := (usage.Usage{Requests: 1, InputTokens: 5}); s.got != want {
		t.Errorf("reported %+v, want %+v", s.got, want)
	}
}

func TestReportOutsideARunIsNil(t *testing.T) {
	t.Parallel()
	if err := usage.Report(t.Context(), usage.Usage{Cost: 1}); err != nil {
		t.Errorf("err = %v", err)
	}
}
