package limit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
)

func TestB017_TwentyCallsNeverMoreThanTwoAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most, done atomic.Int64
		work := func(context.Context, int) (int, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			<-time.After(time.Second)
			done.Add(1)
			return 0, nil
		}
		p, err := weir.Compile(weir.Func("work", work).With(limit.At(2)), nil)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := p.Run(t.Context(), 1); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 2 || done.Load() != 20 || time.Since(begin) != 10*time.Second {
			t.Errorf("at most %d at once, %d done in %v; want 2, 20 in 10s", most.Load(), done.Load(), time.Since(begin))
		}
	})
}

func TestB019_APanicGivesThePermitBackAndIsRetried(t *testing.T) {
	t.Parallel()
	calls := 0
	l := limit.New(1)
	step := weir.Func("work", func(context.Context, int) (string, error) {
		if calls++; calls == 1 {
			panic("kaput")
		}
		return "ok", nil
	}).With(retry.UpTo(2), limit.By(l))
	out, err := weir.Do(t.Context(), step, 1)
	if err != nil || out != "ok" || calls != 2 || l.InUse() != 0 {
		t.Errorf("output %q, error %v, %d calls, %d permits held; want ok after 2 and none", out, err, calls, l.InUse())
	}
}

func TestThePermitIsHeldWhileTheStepWorksAndGivenBackHoweverItEnds(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, end := range map[string]func() (any, error){
		"success": func() (any, error) { return 1, nil },
		"failure": func() (any, error) { return nil, boom },
		"pause":   func() (any, error) { return nil, plan.ErrPaused },
		"panic":   func() (any, error) { panic(boom) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := limit.New(2)
			during := 0
			op := layertest.Build(t, layertest.Step(func(context.Context, plan.Frame, any) (any, error) {
				during = l.InUse()
				return end()
			}, limit.By(l)))
			_, _ = (&layertest.Frame{}).Try(t.Context(), op, nil)
			if during != 1 || l.InUse() != 0 {
				t.Errorf("%d held during the step and %d after, want 1 and 0", during, l.InUse())
			}
		})
	}
}

func TestWaitingForAPermitEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := limit.New(1)
		acquire(t, l)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		ran := false
		p, err := weir.Compile(weir.Func("work", func(context.Context, int) (int, error) {
			ran = true
			return 0, nil
		}).With(limit.By(l)), nil)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		_, err = p.Run(ctx, 1)
		if !errors.Is(err, weir.ErrCanceled) || ran || time.Since(begin) != time.Minute {
			t.Errorf("error %v after %v, ran %v; want the cancellation after 1m", err, time.Since(begin), ran)
		}
	})
}

func TestAtHasPermitsOfItsOwnAtEachPlaceAndBySharesThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for want, l := range map[time.Duration]plan.Layer{time.Second: limit.At(1), 2 * time.Second: limit.By(limit.New(1))} {
			work := func(context.Context, plan.Frame, any) (any, error) {
				<-time.After(time.Second)
				return nil, nil
			}
			a, b := layertest.Build(t, layertest.Step(work, l)), layertest.Build(t, layertest.Step(work, l))
			begin := time.Now()
			var wg sync.WaitGroup
			for _, op := range []plan.Op{a, b} {
				wg.Go(func() { _, _ = op(t.Context(), &layertest.Frame{}, nil) })
			}
			wg.Wait()
			if took := time.Since(begin); took != want {
				t.Errorf("two places took %v, want %v", took, want)
			}
		}
	})
}

func TestALimitRoundAStepThatWaitsForOthersIsAMistake(t *testing.T) {
	t.Parallel()
	err := layertest.Mistake(t, layertest.Group(limit.At(1)))
	for _, word := range []string{"group", "leaf", "limit of the run"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("mistake %v does not tell %q", err, word)
		}
	}
}

// asking is a kind that waits for a person.
type asking struct{}

func (asking) Kind() string                { return "human" }
func (asking) Children() []plan.Child      { return nil }
func (asking) Build(*plan.Builder) plan.Op { return idle }
func (asking) Analyse(a *plan.Analysis)    { a.Waits = true }

func TestALimitRoundAStepThatWaitsForAPersonIsAMistake(t *testing.T) {
	t.Parallel()
	err := layertest.Mistake(t, &plan.Step{Name: "approve", Node: asking{}, Layers: []plan.Layer{limit.At(1)}})
	if !strings.Contains(err.Error(), "human") {
		t.Errorf("mistake %v does not tell the kind", err)
	}
}

func TestALimitThatLetsNothingThroughIsAMistake(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]plan.Layer{
		"At(0)": limit.At(0), "At(-1)": limit.At(-1), "By(nil)": limit.By(nil),
		"By(New(0))": limit.By(limit.New(0)), "By(Channel(0))": limit.By(limit.Channel(0)), "the zero Limit": limit.By(&limit.Limit{}),
	} {
		if err := layertest.Mistake(t, layertest.Step(idle, l)); !strings.Contains(err.Error(), "step: ") {
			t.Errorf("%s: mistake %v does not tell the step", name, err)
		}
	}
}

func idle(context.Context, plan.Frame, any) (any, error) { return nil, nil }

// Not parallel: testing.AllocsPerRun counts the whole process.
func TestAFreePermitCostsNoAllocation(t *testing.T) {
	op := layertest.Build(t, layertest.Step(idle, limit.At(1)))
	ctx, f := t.Context(), &layertest.Frame{}
	if n := testing.AllocsPerRun(100, func() { _, _ = op(ctx, f, nil) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
