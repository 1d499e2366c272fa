package weir_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// taken keeps copies of summaries.
type taken struct {
	mu     sync.Mutex
	events bool
	told   []telemetry.Type
	list   []telemetry.Summary
	counts []map[string]int // of each, by the paths of its steps
}

func (k *taken) Event(_ context.Context, e *telemetry.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told = append(k.told, e.Type)
}

func (k *taken) Summary(_ context.Context, s *telemetry.Summary) {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := *s
	own.Records, own.Used = slices.Clone(s.Records), maps.Clone(s.Used)
	counts := map[string]int{}
	for i, r := range s.Records {
		if r.Status != plan.NotRun {
			counts[s.Sites[i].Path] = int(r.Count)
		}
	}
	k.list, k.counts = append(k.list, own), append(k.counts, counts)
}

func (k *taken) Events() bool { return k.events }

// lasts is a step that takes a second and uses a request.
func lasts(name string) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, n int) (int, error) {
		<-time.After(time.Second)
		return n + 1, usage.Report(ctx, usage.Usage{Requests: 1})
	})
}

func TestASummaryTellsWhatARunDid(t *testing.T) {
	t.Parallel()
	both := parallel.Named("p", nil, loop.Times("l", 3, lasts("a")), lasts("b"))
	s := weir.Then(both, weir.Func("sum", func(_ context.Context, in []parallel.Branch[int]) (int, error) { return in[0].Out + in[1].Out, nil }))
	for _, without := range [][]string{nil, {"all"}} {
		synctest.Test(t, func(t *testing.T) {
			k := &taken{}
			p := compiled(t, s, &weir.Config{Telemetry: k, Without: without})
			out, err := p.Run(t.Context(), 1)
			if err != nil || out != 6 {
				t.Fatal(out, err)
			}
			res, err := p.Execute(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			run, err := p.Start(t.Context(), 1)
			r := begun(t, run, err)
			if _, err := r.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(k.list) != 3 || len(k.told) != 0 {
				t.Fatalf("%d summaries, events %v", len(k.list), k.told)
			}
			if k.list[0].Run != "" || k.list[1].Run != res.ID || k.list[2].Run != r.ID() {
				t.Errorf("of the runs %q, %q, %q", k.list[0].Run, k.list[1].Run, k.list[2].Run)
			}
			want := map[string]int{"p": 1, "p/l": 1, "p/l/a": 3, "p/b": 1, "sum": 1}
			for i, s := range k.list {
				if s.End != telemetry.RunCompleted || s.Err != nil || s.Elapsed != 3*time.Second || s.Usage.Requests != 4 || !maps.Equal(k.counts[i], want) {
					t.Errorf("%d: %v, %v, %v, %v, steps %v", i, s.End, s.Err, s.Elapsed, s.Usage, k.counts[i])
				}
				for index, site := range s.Sites {
					r := s.Records[index]
					switch site.Path {
					case "p/l/a":
						if r.Busy != int64(3*time.Second) || s.Used[index].Requests != 3 || r.Start != s.Begun {
							t.Errorf("%d: %+v, used %v", i, r, s.Used[index])
						}
					case "sum":
						if r.Start-s.Begun != int64(3*time.Second) || s.Used[index] != (usage.Usage{}) {
							t.Errorf("%d: %+v, used %v", i, r, s.Used[index])
						}
					}
				}
			}
			if got := len(slices.Collect(r.Events())); got < 16 {
				t.Errorf("a run that was started tells %d events", got)
			}
		})
	}
}

func TestASummaryTellsHowARunFailed(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	fails := weir.Func("b", func(context.Context, int) (int, error) { return 0, boom })
	k := &taken{events: true}
	p := compiled(t, weir.Then(weir.Func("a", increment), fails), &weir.Config{Telemetry: k})
	if _, err := p.Run(t.Context(), 1); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if len(k.list) != 1 || k.list[0].End != telemetry.RunFailed || !errors.Is(k.list[0].Err, boom) || k.list[0].Records[len(k.list[0].Records)-1].Failures != 1 {
		t.Errorf("%+v", k.list)
	}
	if want := []telemetry.Type{telemetry.RunStarted, telemetry.StepStarted, telemetry.StepCompleted, telemetry.StepStarted, telemetry.StepFailed, telemetry.RunFailed}; !slices.Equal(k.told, want) {
		t.Errorf("events %v", k.told)
	}
}

func TestARunThatPausesGivesASummaryOfEachPart(t *testing.T) {
	t.Parallel()
	k := &taken{}
	p := compiled(t, weir.Then(weir.Func("a", func(_ context.Context, s string) (string, error) { return s, nil }), asks("ask")), &weir.Config{Telemetry: k, Journal: journal.NewMemory()})
	run, err := p.Start(t.Context(), "x")
	r := begun(t, run, err)
	answers(t, r, rests(t, r).Pending[0].ID, "y")
	if _, err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Execute(t.Context(), "x", weir.ID(r.ID())); err != nil { // it has ended: nothing is done, and nothing told
		t.Fatal(err)
	}
	run, err = p.Start(t.Context(), "x")
	r = begun(t, run, err)
	rests(t, r)
	r.Cancel(nil)
	var ends []telemetry.Type
	for i, s := range k.list {
		ends = append(ends, s.End)
		if k.counts[i]["a"] != 1 {
			t.Errorf("%d: %v", i, k.counts[i])
		}
	}
	if want := []telemetry.Type{telemetry.RunPaused, telemetry.RunCompleted, telemetry.RunPaused, telemetry.RunFailed}; !slices.Equal(ends, want) {
		t.Errorf("%v", ends)
	}
	if last := k.list[3]; !errors.Is(last.Err, weir.ErrCanceled) || last.Run != r.ID() {
		t.Errorf("%+v", last)
	}
}

func TestASummaryThatPanicsDoesNotReachTheRun(t *testing.T) {
	t.Parallel()
	loud := telemetry.Summaries(func(context.Context, *telemetry.Summary) { panic("boom") })
	p := compiled(t, weir.Then(weir.Func("a", increment), human.Ask[int, int]("ask", human.Text[int]("well?"))), &weir.Config{Telemetry: loud})
	run, err := p.Start(t.Context(), 1)
	r := begun(t, run, err)
	if res, err := r.Wait(t.Context()); err != nil || res.Status != weir.Paused {
		t.Error(err)
	}
	r.Cancel(nil)
	short := compiled(t, chain10(increment), &weir.Config{Telemetry: loud})
	if out, err := short.Run(t.Context(), 1); err != nil || out != 11 {
		t.Error(out, err)
	}
}

func TestASummaryIsTakenBesideWhatTheConfigAsksFor(t *testing.T) {
	t.Parallel()
	key := state.NewKey[int]("n")
	reads := weir.Func("a", func(ctx context.Context, n int) (int, error) {
		return n + key.Get(ctx), usage.Report(ctx, usage.Usage{Requests: 2})
	})
	k := &taken{}
	for name, c := range map[string]*weir.Config{
		"state":  {State: []state.Value{key.With(41)}},
		"limits": {State: []state.Value{key.With(41)}, Limits: usage.Limits{Calls: usage.AtMost(1)}},
	} {
		c.Telemetry = k
		out, err := compiled(t, reads, c).Run(t.Context(), 1)
		if s := k.list[len(k.list)-1]; out != 42 && err == nil || (err != nil) != (name == "limits") || s.Usage.Requests != 2 || s.Used[0].Requests != 2 || s.Run == "" {
			t.Errorf("%s: %v, %v, %+v", name, out, err, s)
		}
	}
	bare := compiled(t, weir.Func("a", func(ctx context.Context, n int) (int, error) { return n + key.Get(ctx), nil }), &weir.Config{Telemetry: k})
	if out, err := bare.Run(t.Context(), 1, weir.State(key.With(41))); err != nil || out != 42 {
		t.Error(out, err)
	}
}

func TestAllocOfASummaryIsNothing(t *testing.T) {
	if os.Getenv(weir.WithoutEnv) != "" {
		t.Skip("the promise is that of the optimised plan")
	}
	steps := 0
	p := compiled(t, chain10(increment), &weir.Config{Telemetry: telemetry.Summaries(func(_ context.Context, s *telemetry.Summary) { steps += len(s.Records) })})
	if n := testing.AllocsPerRun(100, func() { must(p.Run(t.Context(), 1)) }); n != 1 {
		t.Errorf("a run with a summary allocates %v times", n)
	}
}
