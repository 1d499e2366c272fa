package weir_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/finally"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// doings counts what ran, by name.
type doings struct {
	mu  sync.Mutex
	ran map[string]int
}

func (d *doings) add(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ran == nil {
		d.ran = map[string]int{}
	}
	d.ran[name]++
	return d.ran[name]
}

// step takes some time, uses something and fails if err is not nil. It stops when its context ends.
func (d *doings) step(name string, takes time.Duration, err error) weir.Step[string, string] {
	return weir.Func(name, func(ctx context.Context, in string) (string, error) {
		d.add(name)
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return "", ctx.Err()
		}
		_ = usage.Report(ctx, usage.Usage{Requests: 1})
		return name, err
	})
}

func second[A any](context.Context, A) (string, error) { return "in", nil }

// What a run stopped itself has no record: a run that is resumed must end it where it ended before, and not run it anew, perhaps to
// another end.
func TestWhatARunStoppedItselfIsNotRunAnewWhenItIsResumed(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, stops := range map[string]func(d *doings) weir.Step[string, string]{
		"timeout": func(d *doings) weir.Step[string, string] {
			slow := weir.Then3(d.step("quick", time.Second, nil), d.step("slow", time.Hour, nil), d.step("never", 0, nil)).Named("slowly")
			return fallback.To(slow.With(timeout.After(time.Minute)), d.step("instead", 0, nil))
		},
		"timeout of retries": func(d *doings) weir.Step[string, string] {
			slow := weir.Then3(d.step("quick", time.Second, nil), d.step("slow", time.Hour, nil), d.step("never", 0, nil)).Named("slowly")
			return fallback.To(slow.With(timeout.After(3*time.Minute), retry.UpTo(9), timeout.After(time.Minute)), d.step("instead", 0, nil))
		},
		"late value": func(d *doings) weir.Step[string, string] {
			deaf := weir.Func("deaf", func(context.Context, string) (string, error) {
				d.add("deaf")
				<-time.After(2 * time.Minute)
				return "late", nil
			})
			return fallback.To(weir.Then(d.step("quick", time.Second, nil), deaf).Named("slowly").With(timeout.After(time.Minute)), d.step("instead", 0, nil))
		},
		"between steps": func(d *doings) weir.Step[string, string] {
			deaf := weir.Func("deaf", func(context.Context, string) (string, error) {
				d.add("deaf")
				<-time.After(2 * time.Minute)
				return "late", nil
			})
			return fallback.To(weir.Then(deaf, d.step("never", 0, nil)).Named("slowly").With(timeout.After(time.Minute)), d.step("instead", 0, nil))
		},
		"fail fast": func(d *doings) weir.Step[string, string] {
			long := weir.Then(d.step("quick", time.Second, nil), d.step("long", time.Hour, nil)).Named("long way")
			all := parallel.Named("p", []parallel.Option{parallel.FailFast(), parallel.Width(3)}, long, d.step("fails", time.Minute, boom),
				d.step("done", time.Second, nil).Named("done"), d.step("fourth", time.Hour, nil))
			return fallback.To(weir.Then(all, weir.Func("text", second[[]parallel.Branch[string]])).Named("both"), d.step("instead", 0, nil))
		},
		"first success": func(d *doings) weir.Step[string, string] {
			loser := weir.Then(d.step("quick", time.Second, nil), d.step("long", time.Hour, nil)).Named("long way")
			return parallel.First("p", []parallel.Option{parallel.FirstSuccess()}, loser, d.step("wins", time.Minute, nil))
		},
		"too few": func(d *doings) weir.Step[string, string] {
			loser := weir.Then(d.step("quick", time.Second, nil), d.step("long", time.Hour, nil)).Named("long way")
			p := parallel.First("p", []parallel.Option{parallel.Quorum(2)}, loser, d.step("fails", time.Minute, boom))
			return fallback.To(p, d.step("instead", 0, nil))
		},
		"map": func(d *doings) weir.Step[string, string] {
			item := weir.Func("work", func(ctx context.Context, i int) (int, error) {
				d.add(fmt.Sprint("item", i))
				if i == 3 {
					<-time.After(time.Minute)
					return 0, boom
				}
				return i, nil
			})
			long := weir.Func("long", func(ctx context.Context, i int) (int, error) {
				d.add(fmt.Sprint("long", i))
				if i > 1 {
					<-ctx.Done()
					return 0, ctx.Err()
				}
				_ = usage.Report(ctx, usage.Usage{Requests: 1})
				return i, nil
			})
			list := weir.Func("list", func(context.Context, string) ([]int, error) { return []int{0, 1, 2, 3, 4, 5, 6}, nil })
			items := each.Item("items", weir.Then(item, long), each.Width(3))
			return fallback.To(weir.Then3(list, items, weir.Func("text", second[[]int])).Named("all"), d.step("instead", 0, nil))
		},
		"cleanup": func(d *doings) weir.Step[string, string] {
			clean := weir.Then(weir.Func("o", second[finally.Outcome[string, string]]), d.step("clean", time.Hour, nil))
			return fallback.To(finally.Do("fin", d.step("body", 0, nil), clean), d.step("instead", 0, nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, store := &doings{}, journal.NewMemory()
				p, err := weir.Compile(weir.Then(stops(d), human.Approve("ask", human.Text[string]("well?"))), &weir.Config{Journal: store})
				if err != nil {
					t.Fatal(err)
				}
				first, err := p.Execute(t.Context(), "in", weir.ID("run"))
				if err != nil || first.Status != weir.Paused {
					t.Fatal(first.Status, err)
				}
				ran := fmt.Sprint(d.ran)
				begun := time.Now()
				res, err := p.Execute(t.Context(), "in", weir.ID("run"), weir.Answers(func(context.Context, weir.Request) (any, error) { return true, nil }))
				if err != nil || fmt.Sprint(d.ran) != ran || time.Since(begun) != 0 {
					t.Errorf("after %v ran %v, before %s; error %v", time.Since(begun), d.ran, ran, err)
				}
				if res.Usage != first.Usage {
					t.Errorf("usage %+v, before %+v", res.Usage, first.Usage)
				}
				if again, err := p.Execute(t.Context(), "in", weir.ID("run")); err != nil || again.Output != res.Output || again.Usage != res.Usage {
					t.Errorf("read again: %q, %+v, %v", again.Output, again.Usage, err)
				}
			})
		})
	}
}

func TestACleanupAfterACancellationIsMadeAnewWhenTheRunIsResumed(t *testing.T) {
	t.Parallel()
	var list []string
	var run *weir.Run[string]
	body := weir.Func("take", func(ctx context.Context, in string) (string, error) {
		if list = append(list, "take"); len(list) == 1 {
			run.Cancel(nil)
		}
		return in, ctx.Err()
	})
	both := parallel.All("both", weir.Func("give", func(_ context.Context, o finally.Outcome[string, string]) (int, error) {
		list = append(list, fmt.Sprintf("give %v", o.Err == nil))
		return 0, nil
	}))
	begin := make(chan struct{})
	start := weir.Func("start", func(_ context.Context, in string) (string, error) { <-begin; return in, nil })
	p, err := weir.Compile(weir.Then(start, finally.Do("fin", body, both)), &weir.Config{Journal: journal.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	if run, err = p.Start(t.Context(), "x", weir.ID("run")); err != nil {
		t.Fatal(err)
	}
	close(begin)
	if _, err := run.Wait(t.Context()); !errors.Is(err, weir.ErrCanceled) {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), "x", weir.ID("run")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"take", "give false", "take", "give true"}; !slices.Equal(list, want) {
		t.Errorf("done %q, want %q", list, want)
	}
}

func TestAKeyOfAStepIsNotThatOfAnotherOnesDecision(t *testing.T) {
	t.Parallel()
	store := journal.NewMemory()
	s := weir.Then(
		parallel.Join2("p", weir.Func("a", second[string]), weir.Func("b", second[string]), func(_ context.Context, a, b string) (string, error) { return a + b, nil }),
		weir.Func("p#join", func(_ context.Context, in string) (string, error) { return in + "!", nil }))
	p, err := weir.Compile(s, &weir.Config{Journal: store})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if res, err := p.Execute(t.Context(), "x", weir.ID("run")); err != nil || res.Output != "inin!" {
			t.Errorf("%q, %v", res.Output, err)
		} else if s, _ := res.Step("p"); s.Count() != 1 || !s.Success() {
			t.Errorf("p: %v", s.Status())
		}
	}
	records, _ := store.Load(t.Context(), "run")
	keys := map[string]int{}
	for _, r := range records {
		if keys[r.Key]++; r.Key != "" && keys[r.Key] > 1 {
			t.Errorf("two records have the key %s", r.Key)
		}
	}
}

func TestAStepWithoutANameIsAMistake(t *testing.T) {
	t.Parallel()
	_, err := weir.Compile(weir.Then(weir.Func("", second[string]), weir.Func("b", second[string])), nil)
	if plan.CodeOf(err) == "" {
		t.Error("it would have no place in the journal, and run again in every part")
	}
}
