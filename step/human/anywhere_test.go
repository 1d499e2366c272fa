package human_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/journal/journaltest"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// tally counts what ran, by name and input.
type tally struct {
	mu  sync.Mutex
	ran map[string]int
}

func (c *tally) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ran == nil {
		c.ran = map[string]int{}
	}
	c.ran[name]++
}

// twice are the names of what ran more than once.
func (c *tally) twice() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for name, n := range c.ran {
		if n > 1 {
			list = append(list, fmt.Sprintf("%s %d times", name, n))
		}
	}
	slices.Sort(list)
	return list
}

var total = state.NewKey("total", state.Reduce(state.Sum[int]))

// work is a step that counts itself, costs something and writes to the state.
func (c *tally) work(name string) weir.Step[string, string] {
	return weir.Func(name, func(ctx context.Context, in string) (string, error) {
		c.add(name + "(" + in + ")")
		total.Update(ctx, func(n int) int { return n + 1 })
		if err := usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 10, Cost: 100}); err != nil {
			return "", err
		}
		return in + ">" + name, nil
	})
}

// nested is a pipeline that pauses in a map item in a parallel branch in a loop in a conditional, with a retry and a fallback round it.
// All steps that count themselves see every input once an attempt. failed says that the first attempt has failed already.
func nested(c *tally, failed bool) weir.Step[string, string] {
	item := weir.Then3(c.work("prepare"),
		human.Ask[string, string]("ask", func(_ context.Context, in string) (string, error) { return in, nil }),
		c.work("use"))
	items := weir.Then3(
		weir.Func("split", func(_ context.Context, in string) ([]string, error) {
			c.add("split(" + in + ")")
			return []string{in + "0", in + "1"}, nil
		}),
		each.Item("items", item, each.Width(2)),
		weir.Func("glue", func(_ context.Context, in []string) (string, error) { return strings.Join(in, "+"), nil }),
	)
	branches := parallel.Join2("both", items.Named("asking"), c.work("silent"), func(_ context.Context, a, b string) (string, error) {
		c.add("join(" + a + "," + b + ")")
		return a + "|" + b, nil
	})
	looped := loop.New("rounds", loop.Rules[string, string, string, string]{
		Max: 2,
		Start: func(_ context.Context, in string) (string, error) {
			c.add("start(" + in + ")")
			return in, nil
		},
		Until: func(_ context.Context, last string, n int) (bool, error) {
			c.add(fmt.Sprintf("until(%s,%d)", last, n))
			return n == 2, nil
		},
		Next: func(_ context.Context, last string, n int) (string, error) {
			c.add(fmt.Sprintf("next(%s,%d)", last, n))
			return fmt.Sprint("r", n), nil
		},
	}, branches)
	chosen := conditional.If("choose", func(_ context.Context, in string) (bool, error) {
		c.add("condition(" + in + ")")
		return true, nil
	}, looped, c.work("never"))
	// The first attempt fails after everything in it was done, at the cost of another round of questions.
	flaky := weir.Func("flaky", func(_ context.Context, in string) (string, error) {
		if !failed {
			failed = true
			return "", errors.New("once")
		}
		return in, nil
	})
	tried := weir.Then(c.work("first"), weir.Then(chosen, flaky)).Named("tried").With(retry.UpTo(2))
	return weir.Then(fallback.To(tried, c.work("alternate")), c.work("last"))
}

func TestARunPausedAnywhereIsResumedThere(t *testing.T) {
	t.Parallel()
	for _, fresh := range []bool{false, true} {
		t.Run(fmt.Sprintf("by a handle of its own %v", fresh), func(t *testing.T) {
			t.Parallel()
			c := &tally{}
			store := journal.NewMemory()
			p, err := weir.Compile(nested(c, false), &weir.Config{Journal: store})
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Start(t.Context(), "in", weir.ID("run"))
			if err != nil {
				t.Fatal(err)
			}
			answers := 0
			for res := waited(t, r); res.Status == weir.Paused; res = waited(t, r) {
				if fresh { // another process would find the same
					if r, err = p.Resume(t.Context(), "run"); err != nil {
						t.Fatal(err)
					}
					res = waited(t, r)
				}
				last := res.Pending[len(res.Pending)-1] // the later item first
				if err := r.Answer(t.Context(), last.ID, fmt.Sprint("answer", answers)); err != nil {
					t.Fatal(err)
				}
				answers++
			}
			res := waited(t, r)
			// Two attempts, two rounds each, two items each. What the first attempt did is done anew by the second.
			if answers != 8 {
				t.Errorf("%d answers, want 8", answers)
			}
			for _, what := range c.twice() {
				if !strings.HasSuffix(what, " 2 times") || strings.HasPrefix(what, "use(") || strings.HasPrefix(what, "join(") || strings.HasPrefix(what, "until(") {
					t.Errorf("%s", what)
				}
			}
			if c.ran["condition(in>first)"] != 2 || c.ran["start(in>first)"] != 2 || c.ran["silent(r1)"] != 2 || c.ran["prepare(r10)"] != 2 || c.ran["last(answer7>use+answer6>use|r1>silent)"] != 1 {
				t.Errorf("ran %v", c.ran)
			}
			if c.ran["alternate(in)"] != 0 || c.ran["never(in>first)"] != 0 {
				t.Error("what was not chosen ran")
			}
			for _, path := range []string{"tried", "last"} {
				if s, ok := res.Step(path); !ok || s.Count() != 1 || !s.Success() {
					t.Errorf("%s: %d executions, %v", path, s.Count(), s.Status())
				}
			}
			calls := int64(0)
			for name, n := range c.ran {
				for _, work := range []string{"first(", "prepare(", "use(", "silent(", "last("} {
					if strings.HasPrefix(name, work) {
						calls += int64(n)
					}
				}
			}
			if u := res.Usage; u.Requests != calls || u.Cost != 100*calls || u.InputTokens != 10*calls {
				t.Errorf("usage %+v for %d calls", u, calls)
			}
		})
	}
}

// byPath answers each request by its path and question, so that the answer is the same whenever it is asked.
func byPath(_ context.Context, q weir.Request) (any, error) { return "to " + q.Question, nil }

func TestARunCutOffAfterAnyRecordIsResumedThere(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() journal.Store{
		"values": func() journal.Store { return journal.NewMemory() },
		"bytes":  func() journal.Store { return journaltest.Bytes(codec.New()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cutOff(t, open)
		})
	}
}

func cutOff(t *testing.T, open func() journal.Store) {
	c, store := &tally{}, open()
	// A store of bytes does not know the reducer of a key, so the key is declared.
	declared := []state.Value{total.Declared()}
	p, err := weir.Compile(nested(c, false), &weir.Config{Journal: store, State: declared})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Execute(t.Context(), "in", weir.ID("run"), weir.Answers(byPath))
	if err != nil {
		t.Fatal(err)
	}
	records, err := store.Load(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(records); n++ {
		cut := open()
		claim, err := cut.Claim(t.Context(), "run")
		if err == nil {
			err = cut.Append(t.Context(), claim, records[:n])
		}
		if err == nil {
			err = cut.Release(t.Context(), claim)
		}
		if err != nil {
			t.Fatal(err)
		}
		c := &tally{}
		steps := nested(c, slices.ContainsFunc(records[:n], func(r journal.Record) bool { return r.Type == journal.StepFailed }))
		p, err := weir.Compile(steps, &weir.Config{Journal: cut, State: declared})
		if err != nil {
			t.Fatal(err)
		}
		res, err := p.Execute(t.Context(), "another input", weir.ID("run"), weir.Answers(byPath))
		if err != nil {
			t.Fatalf("after %d of %d records, the last %s %s: %v", n, len(records), records[n-1].Type, records[n-1].Key, err)
		}
		// What was recorded is not run again: neither the steps nor the decisions.
		finished, ran := 0, 0
		for _, r := range records[:n] {
			if r.Type == journal.StepCompleted || r.Type == journal.StepFailed {
				finished++
			}
		}
		after, err := cut.Load(t.Context(), "run")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range after[n:] {
			if r.Type == journal.StepCompleted || r.Type == journal.StepFailed {
				ran++
			}
		}
		if res.Output != whole.Output || res.Usage != whole.Usage || finished+ran < leafs(records) {
			t.Errorf("after %d records: output %q, usage %+v, want %q and %+v; %d steps were finished and %d ran", n, res.Output, res.Usage, whole.Output, whole.Usage, finished, ran)
		}
		was, _ := total.From(whole.State)
		if is, _ := total.From(res.State); is != was {
			t.Errorf("after %d records: total %d, want %d", n, is, was)
		}
	}
}

// leafs counts the records of steps.
func leafs(records []journal.Record) int {
	n := 0
	for _, r := range records {
		if r.Type == journal.StepCompleted || r.Type == journal.StepFailed {
			n++
		}
	}
	return n
}

func TestPausesAndResumptionsDoNotChangeWhatComesOut(t *testing.T) {
	t.Parallel()
	c := &tally{}
	p, err := weir.Compile(nested(c, false), nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	res, err := p.Execute(t.Context(), "in", weir.Answers(func(_ context.Context, q weir.Request) (any, error) {
		asked++
		return "to " + q.Path, nil
	}))
	if err != nil || res.Status != weir.Completed || asked != 8 {
		t.Fatalf("status %v, error %v, asked %d times", res.Status, err, asked)
	}
	for _, what := range c.twice() {
		if !strings.HasSuffix(what, " 2 times") {
			t.Errorf("%s", what)
		}
	}
	// One attempt's writes are in the state: the failed one's are dropped.
	if n, _ := total.From(res.State); n != 12 {
		t.Errorf("total %d, want 12: first, two rounds of two prepares, two uses and a silent one, and last", n)
	}
}

func TestB086AWaitingBranchLetsItsSiblingsFinish(t *testing.T) {
	t.Parallel()
	c := &tally{}
	ask := func(name string) weir.Step[string, string] {
		return human.Ask[string, string](name, human.Text[string](name+"?"))
	}
	r, res := started(t, parallel.All("p", ask("one"), c.work("works"), ask("two"), ask("three")), "x", nil)
	var paths []string
	for _, q := range res.Pending {
		paths = append(paths, q.Path)
	}
	if got := strings.Join(paths, " "); got != "p/one p/two p/three" || c.ran["works(x)"] != 1 {
		t.Fatalf("waits for %s; the sibling ran %d times", got, c.ran["works(x)"])
	}
	for _, i := range []int{1, 0, 2} {
		if err := r.Answer(t.Context(), res.Pending[i].ID, "answer "+res.Pending[i].Path); err != nil {
			t.Fatal(err)
		}
		waited(t, r)
	}
	res = waited(t, r)
	if got := strings.Join(res.Output, ", "); got != "answer p/one, x>works, answer p/two, answer p/three" || c.ran["works(x)"] != 1 {
		t.Errorf("output %s; the sibling ran %d times", got, c.ran["works(x)"])
	}
}

func TestAnAnswerIsTakenWhileOtherBranchesStillWork(t *testing.T) {
	t.Parallel()
	asked, gate := make(chan struct{}), make(chan struct{})
	slow := weir.Func("slow", func(context.Context, string) (string, error) {
		<-gate
		return "slow", nil
	})
	s := parallel.All("p", human.Ask[string, string]("ask", func(context.Context, string) (string, error) {
		select {
		case <-asked:
		default:
			close(asked)
		}
		return "well?", nil
	}), slow)
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	for len(r.Pending()) == 0 {
		runtime.Gosched()
	}
	if err := r.Answer(t.Context(), r.Pending()[0].ID, "early"); err != nil || r.Status() != weir.Running {
		t.Fatalf("status %v, error %v", r.Status(), err)
	}
	close(gate)
	if res := waited(t, r); res.Status != weir.Completed || res.Output[0] != "early" {
		t.Errorf("status %v, output %v", res.Status, res.Output)
	}
}

func TestB123AHumanStepInALoopResumesInItsRound(t *testing.T) {
	t.Parallel()
	c := &tally{}
	body := weir.Then(c.work("before"), human.Ask[string, string]("ask", human.Text[string]("well?")))
	s := loop.New("rounds", loop.Rules[string, string, string, string]{Max: 3, Until: func(_ context.Context, last string, n int) (bool, error) {
		return last == "stop", nil
	}}, body)
	r, res := started(t, s, "in", nil)
	for i, answer := range []string{"more", "stop"} {
		if want := fmt.Sprintf("rounds[%d]/ask", i); res.Pending[0].Path != want {
			t.Fatalf("waits at %s, want %s", res.Pending[0].Path, want)
		}
		if err := r.Answer(t.Context(), res.Pending[0].ID, answer); err != nil {
			t.Fatal(err)
		}
		res = waited(t, r)
	}
	rounds, _ := res.Step("rounds")
	if res.Output != "stop" || rounds.Attempts() != 2 || rounds.Count() != 1 || rounds.Note("exit_reason") != "condition" || c.ran["before(in)"] != 1 || c.ran["before(more)"] != 1 {
		t.Errorf("output %q, %d rounds, %d results, notes %v, ran %v", res.Output, rounds.Attempts(), rounds.Count(), rounds.Metadata(), c.ran)
	}
}

func TestABudgetHoldsOverPauses(t *testing.T) {
	t.Parallel()
	c := &tally{}
	s := weir.Then4(c.work("a"), human.Ask[string, string]("ask", human.Text[string]("well?")), c.work("b"), c.work("c"))
	r, res := started(t, s, "x", nil, weir.Budget(usage.Limits{Calls: usage.AtMost(1)}))
	if err := r.Answer(t.Context(), res.Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	res, err := r.Wait(t.Context())
	if !errors.Is(err, weir.ErrBudget) || res.Usage.Requests != 2 || c.ran["c(y>b)"] != 0 {
		t.Errorf("error %v, usage %+v, ran %v", err, res.Usage, c.ran)
	}
}

func TestRunsThatWaitHoldNoGoroutine(t *testing.T) {
	runs := 10_000
	if raced {
		runs = 1_000
	}
	s := weir.Then(weir.Func("before", func(_ context.Context, in int) (int, error) { return in, nil }),
		human.Ask[int, string]("ask", human.Text[int]("well?"), human.Within(time.Hour)))
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	all := make([]*weir.Run[string], runs)
	for i := range all {
		if all[i], err = p.Start(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range all {
		if res := waited(t, r); res.Status != weir.Paused {
			t.Fatalf("status %v", res.Status)
		}
	}
	for over := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(over); {
		runtime.Gosched() // those that have paused are about to be gone
	}
	if got := runtime.NumGoroutine(); got > before {
		t.Errorf("%d goroutines for %d runs that wait, %d before", got, runs, before)
	}
	for i, r := range all {
		if err := r.Answer(t.Context(), r.Pending()[0].ID, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range all {
		if res := waited(t, r); res.Output != fmt.Sprint(i) {
			t.Fatalf("run %d gives %q", i, res.Output)
		}
	}
}

func TestOfTwoWhoResumeOneWins(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	n := 0
	s := weir.Then(human.Ask[string, string]("ask", human.Text[string]("well?")), weir.Func("slow", func(context.Context, string) (string, error) {
		n++
		<-gate
		return "done", nil
	}))
	p, err := weir.Compile(s, &weir.Config{Journal: journal.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(t.Context(), "x", weir.ID("run"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Answer(t.Context(), waited(t, r).Pending[0].ID, "y"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Resume(t.Context(), "run"); plan.CodeOf(err) != plan.CodeResume || !errors.Is(err, journal.ErrHeld) {
		t.Errorf("a second one: %v", err)
	}
	close(gate)
	if res := waited(t, r); res.Output != "done" || n != 1 {
		t.Errorf("output %q, ran %d times", res.Output, n)
	}
}
