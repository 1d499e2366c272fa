package weir_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/telemetry"
)

// borrower is a recorder that says whether it only borrows events, and keeps their addresses and what they said.
type borrower struct {
	borrows bool
	at      []*telemetry.Event
	said    []telemetry.Event
}

func (b *borrower) Event(_ context.Context, e *telemetry.Event) {
	b.at, b.said = append(b.at, e), append(b.said, *e)
}
func (b *borrower) Borrows() bool { return b.borrows }

func TestEventsAreMadeInTheSameMemoryOnlyForRecordersThatBorrowThem(t *testing.T) {
	t.Parallel()
	fails := weir.Func("fails", func(context.Context, int) (int, error) { return 0, errors.New("no") }).With(retry.UpTo(2))
	var said [][]telemetry.Event
	for _, b := range []*borrower{{}, {borrows: true}} {
		p := compiled(t, weir.Then(chain10(increment), fails), &weir.Config{Telemetry: b})
		if _, err := p.Run(t.Context(), 1, weir.ID("run")); err == nil {
			t.Fatal("it did not fail")
		}
		distinct := map[*telemetry.Event]bool{}
		for i, e := range b.at {
			distinct[e] = true
			if !b.borrows && *e != b.said[i] {
				t.Errorf("an event that was kept changed from %+v to %+v", b.said[i], *e)
			}
		}
		if most := len(b.at); !b.borrows && len(distinct) != most || b.borrows && len(distinct) == most && os.Getenv(weir.WithoutEnv) == "" {
			t.Errorf("borrows: %v, and of %d events %d are in memory of their own", b.borrows, most, len(distinct))
		}
		for i := range b.said {
			b.said[i].At, b.said[i].Elapsed, b.said[i].Err = 0, 0, nil
		}
		said = append(said, b.said)
	}
	if len(said[0]) < 24 || !slices.Equal(said[0], said[1]) {
		t.Errorf("one was told\n%+v\nand the other\n%+v", said[0], said[1])
	}
}

func TestAStartedRunWithARecorderOfItsOwnKeepsItsEvents(t *testing.T) {
	t.Parallel()
	for _, b := range []*borrower{{}, {borrows: true}} {
		p := compiled(t, chain10(increment), &weir.Config{Telemetry: b})
		run, err := p.Start(t.Context(), 1)
		r := begun(t, run, err)
		if _, err := r.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(b.said, func(a, b telemetry.Event) int { return cmp.Compare(a.At, b.At) }) {
			t.Errorf("they do not follow each other in time: %+v", b.said)
		}
		for i, e := range b.at {
			if !b.borrows && *e != b.said[i] {
				t.Errorf("an event that was kept changed from %+v to %+v", b.said[i], *e)
			}
		}
		if got := slices.Collect(r.Events()); !slices.Equal(got, b.said) || len(got) != 22 {
			t.Errorf("borrows: %v: the run tells\n%+v\nand the recorder was told\n%+v", b.borrows, got, b.said)
		}
	}
}

func TestAWaitBetweenStepsIsNoStepsTime(t *testing.T) {
	t.Parallel()
	tried := 0
	fails := weir.Func("b", func(_ context.Context, n int) (int, error) {
		if tried++; tried%2 == 1 {
			return 0, errors.New("no")
		}
		return n, nil
	})
	for name, s := range map[string]weir.Step[int, int]{
		"loop":  loop.Times("a", 2, weir.Func("b", increment), loop.Delay(time.Second)),
		"retry": weir.Chain("a", weir.Func("b", increment), fails.Named("c")).With(retry.UpTo(2, retry.Backoff(time.Second, 1, time.Second), retry.Jitter(0))),
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, without := range [][]string{nil, {"spine"}, {"park"}} {
				heard := &borrower{borrows: true}
				p := compiled(t, s, &weir.Config{Telemetry: heard, Without: without})
				executed, err := p.Execute(t.Context(), 1)
				if err != nil {
					t.Fatal(err)
				}
				run, err := p.Start(t.Context(), 1)
				waited, err := begun(t, run, err).Wait(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, res := range []*weir.Result[int]{executed, waited} {
					a, _ := res.Step("a")
					b, _ := res.Step("a/b")
					if a.Elapsed() != time.Second || b.Elapsed() != 0 || b.Count() != 2 {
						t.Errorf("%s without %q: a took %v, and b, which ran %d times, %v", name, without, a.Elapsed(), b.Count(), b.Elapsed())
					}
				}
				var at []string
				for _, e := range heard.said {
					if e.Type == telemetry.StepStarted && e.Kind == "func" {
						at = append(at, fmt.Sprint(e.Path, " ", e.At))
					}
				}
				if half := len(at) / 2; half == 0 || !slices.Equal(at[:half], at[half:]) || !slices.ContainsFunc(at, func(s string) bool { return s[len(s)-3:] == " 1s" }) {
					t.Errorf("%s without %q: %q", name, without, at)
				}
			}
		})
	}
}
