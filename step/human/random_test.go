package human_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/finally"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// world is what the steps of a random pipeline do in one process. What a step comes to depends on the execution alone, so that every
// way through the run comes to the same.
type world struct {
	seed uint64
	mu   sync.Mutex
	// tries counts the attempts of an execution that are made in this process.
	tries map[string]int
	// left is how many leaves run before stop is called; negative: it is not.
	left int
	stop func()
}

// luck is a number below n that is the same for the same text.
func (w *world) luck(text string, n uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, text)
	return h.Sum64() % n
}

// enter counts an attempt of the execution of ctx, and gives its number.
func (w *world) enter(ctx context.Context) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left--; w.left == 0 {
		w.stop()
	}
	if w.tries == nil {
		w.tries = map[string]int{}
	}
	key := journal.IdempotencyKey(ctx)
	w.tries[key]++
	return w.tries[key]
}

// maker makes a random pipeline. The same seed makes the same one.
type maker struct {
	*world
	r      *rand.Rand
	n      int
	inItem int
	alone  int // nobody is asked
}

func (m *maker) name(kind string) string {
	m.n++
	return fmt.Sprint(kind, m.n, []string{"", "~2", "#condition"}[m.r.IntN(3)])
}

// one of the ways to make a step; the deeper the fewer hold others.
func (m *maker) step(depth int) weir.Step[string, string] {
	if depth <= 0 {
		switch m.r.IntN(4) {
		case 0:
			return m.ask()
		default:
			return m.leaf()
		}
	}
	switch m.r.IntN(13) {
	case 0:
		return m.leaf()
	case 1, 2:
		return m.ask()
	case 3, 4:
		return weir.Chain(m.name("seq"), m.step(depth-1), m.step(depth-1), m.step(depth-1))
	case 5:
		return m.branches(depth)
	case 6:
		return parallel.Join2(m.name("join"), m.step(depth-1), m.step(depth-1), func(ctx context.Context, a, b string) (string, error) {
			m.spend(ctx)
			return short(a + "|" + b), nil
		})
	case 7:
		return m.items(depth)
	case 8:
		return m.loop(depth)
	case 9:
		name := m.name("if")
		return conditional.If(name, func(ctx context.Context, in string) (bool, error) {
			m.spend(ctx)
			if m.luck(name+in, 8) == 0 {
				return false, errors.New("no condition")
			}
			return m.luck(name+in, 2) == 0, nil
		}, m.step(depth-1), m.step(depth-1))
	case 10:
		return fallback.To(m.step(depth-1), m.step(depth-1))
	case 11:
		s := weir.Chain(m.name("tried"), m.step(depth-1), m.step(depth-1))
		if m.r.IntN(2) == 0 {
			return s.With(retry.UpTo(2), timeout.After(time.Hour), retry.UpTo(2), timeout.After(time.Hour))
		}
		return s.With(retry.UpTo(3, retry.When(func(err error) bool { return m.luck(err.Error(), 3) > 0 })))
	default:
		clean := m.name("clean")
		return finally.Do(m.name("fin"), m.step(depth-1), weir.Func(clean, func(ctx context.Context, o finally.Outcome[string, string]) (int, error) {
			if ctx.Err() == nil && errors.Is(o.Err, weir.ErrCanceled) {
				return 0, nil // told again when the run goes on
			}
			m.spend(ctx)
			return 0, nil
		}))
	}
}

// spend uses something, and writes to the state.
func (m *maker) spend(ctx context.Context) {
	_ = usage.Report(ctx, usage.Usage{Requests: 1, Cost: 7})
	total.Update(ctx, func(n int) int { return n + 1 })
}

func short(text string) string {
	if len(text) > 40 {
		h := fnv.New64a()
		fmt.Fprint(h, text)
		return fmt.Sprintf("h%x", h.Sum64())
	}
	return text
}

// leaf is a step that works, or fails.
func (m *maker) leaf() weir.Step[string, string] {
	name, private := m.name("leaf"), m.inItem > 0
	key, gone := state.NewKey[string]("is_"+name), state.NewKey[int]("gone_"+name)
	fails := uint64(m.r.IntN(6))
	s := weir.Func(name, func(ctx context.Context, in string) (string, error) {
		attempt := m.enter(ctx)
		if err := ctx.Err(); err != nil {
			return "", err
		}
		m.spend(ctx)
		if !private {
			key.Set(ctx, in)
			if gone.Get(ctx) == 1 {
				gone.Delete(ctx)
			} else {
				gone.Set(ctx, 1)
			}
		}
		id := fmt.Sprint(journal.IdempotencyKey(ctx), attempt)
		if fails == 0 && m.luck(id, 2) == 0 || fails == 1 && m.luck(id, 4) == 0 {
			switch m.luck(id+"how", 4) {
			case 0:
				panic("panic of " + name)
			case 1:
				return "", plan.NoRetry(plan.Errorf(plan.CodePrompt, "no prompt"))
			case 2:
				return "beside", fmt.Errorf("wrapped: %w", plan.Errorf(plan.CodeProcessor, "no: %w", plan.ErrValidation))
			}
			return "", errors.New("failed " + id[:4])
		}
		return short(in + ">" + name), nil
	})
	if m.r.IntN(3) == 0 {
		return s.With(retry.UpTo(2))
	}
	return s
}

// ask is a step that waits for a person.
func (m *maker) ask() weir.Step[string, string] {
	if m.alone > 0 {
		return m.leaf()
	}
	question := func(_ context.Context, in string) (string, error) { return in + "?", nil }
	if m.r.IntN(3) == 0 {
		return human.Approve(m.name("approve"), question)
	}
	return human.Ask[string, string](m.name("ask"), question)
}

// answer is what a request is answered with.
func (w *world) answer(q weir.Request) any {
	if strings.HasPrefix(q.Path[strings.LastIndexByte(q.Path, '/')+1:], "approve") {
		return w.luck(q.ID, 3) > 0
	}
	return "a" + q.ID[4:8]
}

func (m *maker) branches(depth int) weir.Step[string, string] {
	var opts []parallel.Option
	if m.r.IntN(2) == 0 {
		opts = append(opts, parallel.OnFailure(parallel.Ignore))
	}
	if m.r.IntN(2) == 0 {
		opts = append(opts, parallel.Width(2))
	}
	glue := func(_ context.Context, all []parallel.Branch[string]) (string, error) {
		var text strings.Builder
		for _, b := range all {
			text.WriteString(fmt.Sprint(b.Out, b.Err))
		}
		return short(text.String()), nil
	}
	return parallel.Reduce(m.name("par"), glue, opts, m.step(depth-1), m.step(depth-1), m.step(depth-1))
}

func (m *maker) items(depth int) weir.Step[string, string] {
	m.inItem++
	defer func() { m.inItem-- }()
	n, width := m.r.IntN(4), 1+m.r.IntN(3)
	split := weir.Func(m.name("split"), func(_ context.Context, in string) ([]string, error) {
		list := make([]string, n)
		for i := range list {
			list[i] = short(fmt.Sprint(in, ".", i))
		}
		return list, nil
	})
	if m.r.IntN(2) == 0 { // which item fails first depends on who answers first
		m.alone++
		defer func() { m.alone-- }()
		glue := weir.Func(m.name("glue"), func(_ context.Context, in []string) (string, error) { return short(strings.Join(in, "+")), nil })
		return weir.Then3(split, each.Item(m.name("map"), m.step(depth-1)), glue).Named(m.name("mapped"))
	}
	glue := weir.Func(m.name("glue"), func(_ context.Context, in []each.Outcome[string]) (string, error) { return short(fmt.Sprint(in)), nil })
	return weir.Then3(split, each.Collect(m.name("map"), m.step(depth-1), each.Width(width)), glue).Named(m.name("mapped"))
}

func (m *maker) loop(depth int) weir.Step[string, string] {
	name := m.name("loop")
	r := loop.Rules[string, string, string, string]{
		Max: 1 + m.r.IntN(3),
		Until: func(ctx context.Context, last string, n int) (bool, error) {
			m.spend(ctx)
			return m.luck(fmt.Sprint(name, last, n), 3) == 0, nil
		},
		Start: func(_ context.Context, in string) (string, error) { return in, nil },
	}
	if m.r.IntN(2) == 0 {
		r.Next = func(ctx context.Context, last string, n int) (string, error) {
			if m.luck(name+last, 9) == 0 {
				panic("no next")
			}
			return short(fmt.Sprint(last, "-", n)), nil
		}
		r.Finish = func(_ context.Context, last string) (string, error) { return last, nil }
	}
	var opts []loop.Option
	if m.r.IntN(2) == 0 {
		opts = append(opts, loop.OnMax(loop.Continue))
	}
	if m.r.IntN(3) == 0 {
		opts = append(opts, loop.ContinueOnFailure())
	}
	return loop.New(name, r, m.step(depth-1), opts...)
}

// made compiles the pipeline of a seed in a world of its own.
func made(t *testing.T, seed uint64, store journal.Store, without ...string) (*weir.Plan[string, string], *world) {
	t.Helper()
	w := &world{seed: seed, left: -1}
	m := &maker{world: w, r: rand.New(rand.NewPCG(seed, 1))}
	p, err := weir.Compile(weir.Chain("root", m.step(4), m.step(3)), &weir.Config{Journal: store, Without: without})
	if err != nil {
		t.Fatal(err)
	}
	return p, w
}

// shown is what must be the same of two runs.
func shown(res *weir.Result[string], err error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %q %s %v\nusage %+v\n", res.Status, res.Output, plan.CodeOf(err), err, res.Usage)
	for key, v := range res.State.All() {
		fmt.Fprintf(&b, "%s=%v\n", key, v)
	}
	show(&b, res.Steps, true)
	return b.String()
}

// show writes steps. What became of the last of the items of a map depends on the moment.
func show(b *strings.Builder, list []weir.StepResult, notes bool) {
	for _, s := range list {
		fmt.Fprintf(b, "%s: %d executions, %d failed, %+v", s.Path(), s.Count(), s.Failures(), s.Usage())
		if meta := s.Metadata(); notes {
			fmt.Fprintf(b, " %v", s.Status())
			for _, key := range []string{"exit_reason", "attempts", "executed_branch_key", "executed_branches", "failed", "original_error", "ran", "question"} {
				if v, ok := meta[key]; ok {
					fmt.Fprintf(b, " %s=%v", key, v)
				}
			}
		}
		b.WriteByte('\n')
		show(b, s.Steps(), notes && s.Kind() != "map")
	}
}

// unlike tells the first line in which two texts differ.
func unlike(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			return fmt.Sprintf("want %s\n got %s", x[i], strings.Join(y[min(i, len(y)):min(i+1, len(y))], ""))
		}
	}
	return ""
}

// cut is a store with the first n records of a run.
func cut(t *testing.T, records []journal.Record, n int) *journal.Memory {
	t.Helper()
	store := journal.NewMemory()
	claim, err := store.Claim(t.Context(), "run")
	if err == nil {
		err = store.Append(t.Context(), claim, records[:n])
	}
	if err == nil {
		err = store.Release(t.Context(), claim)
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func loaded(t *testing.T, store journal.Store) []journal.Record {
	t.Helper()
	records, err := store.Load(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// once fails where something is recorded twice.
func once(t *testing.T, records []journal.Record) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range records {
		switch r.Type {
		case journal.StepCompleted, journal.StepFailed, journal.Decided, journal.Requested, journal.Answered:
			key := fmt.Sprint(r.Type == journal.Answered, r.Key)
			if seen[key] {
				t.Errorf("%s %s is recorded twice", r.Type, r.Key)
			}
			seen[key] = true
		}
	}
}

// TestARandomRunComesToTheSameHoweverItIsStopped runs random pipelines at one go, cut off after any record, through handles that are
// answered in any order, and cancelled and resumed. WEIR_RANDOM is how long it does so (default 2s), and WEIR_SEED the seed to begin with.
func TestARandomRunComesToTheSameHoweverItIsStopped(t *testing.T) {
	t.Parallel()
	last, seed := 2*time.Second, uint64(1)
	if v, err := time.ParseDuration(os.Getenv("WEIR_RANDOM")); err == nil {
		last, seed = v, rand.Uint64()
	}
	_, _ = fmt.Sscan(os.Getenv("WEIR_SEED"), &seed)
	runs, pauses := 0, 0
	for end := time.Now().Add(last); time.Now().Before(end) && !t.Failed(); seed++ {
		runs++
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { pauses += stopped(t, seed) })
	}
	t.Logf("%d pipelines, %d requests", runs, pauses)
}

func stopped(t *testing.T, seed uint64) (requests int) {
	t.Helper()
	store := journal.NewMemory()
	p, w := made(t, seed, store)
	answers := func(w *world) weir.RunOption {
		return weir.Answers(func(_ context.Context, q weir.Request) (any, error) { return w.answer(q), nil })
	}
	res, err := p.Execute(t.Context(), "in", weir.ID("run"), answers(w))
	want := shown(res, err)
	records := loaded(t, store)
	once(t, records)
	requests = len(res.Answered)
	check := func(how string, res *weir.Result[string], err error, store journal.Store) {
		t.Helper()
		if d := unlike(want, shown(res, err)); d != "" {
			t.Errorf("seed %d, %s:\n%s", seed, how, d)
		}
		if store != nil {
			once(t, loaded(t, store))
		}
	}
	res, err = p.Execute(t.Context(), "other", weir.ID("run"))
	check("read again", res, err, store)

	r := rand.New(rand.NewPCG(seed, 2))
	for range 4 {
		n := 1 + r.IntN(len(records)-1)
		store := cut(t, records, n)
		var without []string
		if r.IntN(3) == 0 {
			without = []string{"all"}
		}
		p, w := made(t, seed, store, without...)
		res, err := p.Execute(t.Context(), "other", weir.ID("run"), answers(w))
		check(fmt.Sprintf("cut off after %d of %d records, the last %s %s", n, len(records), records[n-1].Type, records[n-1].Key), res, err, store)
	}
	for range 2 {
		store, res, err := handled(t, seed, r)
		check("answered through a handle", res, err, store)
	}
	return requests
}

// handled runs the pipeline through handles: requests are answered in any order, the run is resumed, or cancelled somewhere and resumed.
func handled(t *testing.T, seed uint64, r *rand.Rand) (journal.Store, *weir.Result[string], error) {
	t.Helper()
	store := journal.NewMemory()
	p, w := made(t, seed, store)
	w.mu.Lock()
	run, err := p.Start(t.Context(), "in", weir.ID("run"))
	if err != nil {
		t.Fatal(err)
	}
	if r.IntN(2) == 0 {
		w.left, w.stop = 1+r.IntN(20), func() { run.Cancel(nil) }
	}
	w.mu.Unlock()
	for canceled := 0; ; {
		res, err := run.Wait(t.Context())
		if res.Status == weir.Paused && r.IntN(4) == 0 {
			want := fmt.Sprint(shown(res, err), res.Pending, res.Answered, res.Elapsed, res.Metrics, res.ID)
			res = nil // and nobody has it then
			runtime.GC()
			runtime.GC()
			if res, err = run.Wait(t.Context()); err != nil {
				t.Fatalf("seed %d: the result cannot be read again: %v", seed, err)
			}
			if got := fmt.Sprint(shown(res, err), res.Pending, res.Answered, res.Elapsed, res.Metrics, res.ID); got != want {
				t.Fatalf("seed %d: read again, the result is another one:\n%s", seed, unlike(want, got))
			}
		}
		switch {
		case res.Status == weir.Canceled && canceled > 9:
			for _, r := range loaded(t, store) {
				t.Log(r.Type, r.Key, r.Failure, r.Kept)
			}
			t.Fatalf("seed %d: canceled again and again: %v", seed, err)
		case res.Status == weir.Canceled && errors.Is(err, weir.ErrCanceled):
			canceled++
			p, w = made(t, seed, store) // as another process would
		case res.Status != weir.Paused:
			return store, res, err
		case r.IntN(3) > 0:
			r.Shuffle(len(res.Pending), func(i, j int) { res.Pending[i], res.Pending[j] = res.Pending[j], res.Pending[i] })
			for _, q := range res.Pending[:1+r.IntN(len(res.Pending))] {
				if err := run.Answer(t.Context(), q.ID, w.answer(q)); err != nil {
					t.Fatalf("seed %d, %s: %v", seed, q.Path, err)
				}
			}
			continue
		}
		if run, err = p.Resume(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if q := res.Pending; len(q) > 0 && r.IntN(2) == 0 { // at once, before the run has come to it again
			if err := run.Answer(t.Context(), q[0].ID, w.answer(q[0])); err != nil && run.Status() != weir.Canceled {
				t.Fatalf("seed %d, %s, just resumed: %v", seed, q[0].Path, err)
			}
		}
	}
}
