package weir_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

// wide is a value for which a box is allocated.
type wide [6]int

// note is another, with pointers in it.
type note struct {
	text string
	n    int
}

func TestNeighboursOfOneTypeAllocateNothingBetweenThem(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "") // the promise is that of the optimised plan
	ctx := t.Context()
	same := func(_ context.Context, s string) (string, error) { return s, nil }
	text := compile(t, chain10(same))
	if n := testing.AllocsPerRun(500, func() { must(text.Run(ctx, "0123456789")) }); n > 3 {
		t.Errorf("ten steps over a string allocate %v times; want the run, and the boxes of its input and output", n)
	}
	structs := compile(t, chain10(func(_ context.Context, w wide) (wide, error) { w[0]++; return w, nil }))
	if n := testing.AllocsPerRun(500, func() { must(structs.Run(ctx, wide{1})) }); n > 3 {
		t.Errorf("ten steps over a struct allocate %v times", n)
	}
	mixed := compile(t, weir.Then4(weir.Func("a", same), weir.Func("b", toNote), weir.Func("c", toText), weir.Func("d", same)))
	if n := testing.AllocsPerRun(500, func() { must(mixed.Run(ctx, "0123456789")) }); n > 3 {
		t.Errorf("steps of two types allocate %v times", n)
	}
	body := compile(t, loop.Times("loop", 100, weir.Then(weir.Func("b", toNote), weir.Func("c", toText))))
	if n := testing.AllocsPerRun(100, func() { must(body.Run(ctx, "0123456789")) }); n > 103 {
		t.Errorf("a hundred rounds allocate %v times; want the box at the end of each", n)
	}
}

func toNote(_ context.Context, s string) (note, error) { return note{text: s}, nil }
func toText(_ context.Context, n note) (string, error) { return n.text[n.n:], nil }

// letters is a chain of three steps, of which the middle one does as told.
func letters(middle func(context.Context, string) (string, error)) weir.Step[string, string] {
	return weir.Chain("seq", weir.Func("a", add("a")), weir.Func("m", middle), weir.Func("z", add("z")))
}

// add is a step that writes to the state, reports usage and adds to its input.
func add(more string) func(context.Context, string) (string, error) {
	return func(ctx context.Context, s string) (string, error) {
		written.Update(ctx, func(w string) string { return w + more })
		return s + more, usage.Report(ctx, usage.Usage{Cost: 10})
	}
}

// branch goes there and back without the state.
func branch(name string) weir.Step[string, string] {
	return weir.Chain(name, weir.Then(weir.Func("there", func(_ context.Context, s string) (note, error) { return note{text: s + name}, nil }),
		weir.Func("back", toText)))
}

var written = state.NewKey[string]("written")

func TestTypedHopsChangeNothing(t *testing.T) {
	t.Parallel()
	failing := func(ctx context.Context, s string) (string, error) {
		_, _ = add("m")(ctx, s)
		return "beside the error", errBoom
	}
	bytes := weir.Then3(weir.Func("a", func(_ context.Context, s string) ([]byte, error) { return []byte(s), nil }),
		weir.Func("m", func(_ context.Context, b []byte) ([]byte, error) { return append(b, "0123456789"...), nil }),
		weir.Func("z", func(_ context.Context, b []byte) (string, error) { return string(b), nil }))
	for name, c := range map[string]struct {
		step   weir.Step[string, string]
		config *weir.Config
		opts   []weir.RunOption
		says   string
	}{
		"all is well":      {step: letters(add("m")), says: "xamz"},
		"a failure":        {step: letters(failing), says: "seq/m (func): boom"},
		"a panic":          {step: letters(func(context.Context, string) (string, error) { panic("no") }), says: "seq/m (func): panic: no"},
		"too long a text":  {step: letters(add("0123456789")), config: &weir.Config{MaxOutput: 8}, says: "seq/m (func): the step returned 12 bytes"},
		"too many bytes":   {step: bytes, config: &weir.Config{MaxOutput: 8}, says: "m (func): the step returned 11 bytes"},
		"a spent budget":   {step: letters(add("m")), opts: []weir.RunOption{weir.Budget(usage.Limits{Cost: usage.AtMost(15)})}, says: "seq/m (func): cost limit"},
		"a layer between":  {step: weir.Chain("seq", letters(add("m")), weir.Func("r", add("r")).With(retry.UpTo(2)), weir.Func("y", add("y"))), says: "xamzry"},
		"rounds of a loop": {step: loop.Times("loop", 3, letters(add("m"))), says: "xamzamzamz"},
		"other types": {step: weir.Then5(weir.Func("a", toNote), weir.Func("b", func(_ context.Context, n note) (int, error) { return len(n.text), nil }),
			weir.Func("c", func(_ context.Context, n int) (float64, error) { return float64(n) + .5, nil }),
			weir.Func("d", func(_ context.Context, f float64) (any, error) { return nil, nil }),
			weir.Func("e", func(_ context.Context, v any) (string, error) { return "nothing", nil })), says: "nothing"},
		"lists": {step: weir.Then4(weir.Func("a", func(_ context.Context, s string) ([]string, error) { return []string{s, s}, nil }),
			weir.Func("b", func(_ context.Context, l []string) ([]string, error) { return append(l, "y"), nil }),
			each.Item("each", weir.Then(weir.Func("c", toNote), weir.Func("d", toText)), each.Width(2)),
			weir.Func("e", func(_ context.Context, l []string) (string, error) { return strings.Join(l, ""), nil })), says: "xxy"},
		"branches": {step: weir.Then(parallel.All("par", branch("one"), branch("two")),
			weir.Func("e", func(_ context.Context, l []string) (string, error) { return strings.Join(l, "+"), nil })), says: "xone+xtwo"},
	} {
		got := weirtest.SameWithout(t, "x", func() (weir.Step[string, string], *weir.Config) { return c.step, c.config }, c.opts...)
		if !strings.Contains(got, c.says) {
			t.Errorf("%s: want %q in\n%s", name, c.says, got)
		}
	}
}

func TestARunThatStopsBetweenTypedStepsLeavesNothingToTheNext(t *testing.T) {
	t.Parallel()
	stop := context.CancelFunc(func() {})
	p := compile(t, letters(func(_ context.Context, s string) (string, error) { stop(); return s, nil }))
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		if out, err := p.Run(ctx, "secret"); !errors.Is(err, context.Canceled) || out != "" {
			t.Fatalf("%q, %v", out, err)
		}
		stop = func() {}
		if out, err := p.Run(t.Context(), ""); out != "az" || err != nil {
			t.Fatalf("%q, %v", out, err)
		}
	}
}

func TestTypedRunsThatOverlapKeepTheirValues(t *testing.T) {
	t.Parallel()
	p := compile(t, weir.Then(chain10(func(_ context.Context, s string) (string, error) {
		if strings.HasSuffix(s, "7..") {
			return "", errBoom
		}
		return s + ".", nil
	}), weir.Then(weir.Func("note", toNote), weir.Func("text", toText))))
	var wait sync.WaitGroup
	for w := range 8 {
		wait.Go(func() {
			for i := range 200 {
				in := strconv.Itoa(1000*w + i)
				out, err := p.Run(t.Context(), in)
				if fails := strings.HasSuffix(in, "7"); fails != (err != nil) || !fails && out != in+".........." {
					t.Errorf("%q: %q, %v", in, out, err)
				}
			}
		})
	}
	wait.Wait()
}

// spy is a layer that keeps the types of what comes and goes.
type spy struct{ seen *[]string }

func (spy) Name() string { return "spy" }
func (s spy) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		*s.seen = append(*s.seen, plan.Describe(in), plan.Describe(out))
		return out, err
	}
}

func TestLayersAndReplacedKindsSeeNoCells(t *testing.T) {
	t.Parallel()
	var seen []string
	s := weir.Chain("seq", weir.Func("a", add("a")), weir.Func("b", add("b")), weir.Func("c", add("c")).With(spy{&seen}), weir.Func("d", add("d")))
	if out, err := compile(t, s).Run(t.Context(), "x"); out != "xabcd" || err != nil || strings.Join(seen, " ") != "string string" {
		t.Errorf("%q, %v; the layer saw %v", out, err, seen)
	}
	p, err := weir.Compile(letters(add("m")), &weir.Config{Kinds: map[string]func(*plan.Builder, plan.Node) plan.Op{
		"func": func(b *plan.Builder, n plan.Node) plan.Op {
			return func(_ context.Context, _ plan.Frame, in any) (any, error) { return in.(string) + b.Site().Segment, nil }
		},
	}})
	if out, err := must(p, err).Run(t.Context(), "x"); out != "xamz" || err != nil {
		t.Errorf("a kind of its own: %q, %v", out, err)
	}
}

func TestAStepThatLiesAboutItsTypesFailsAsItDoesWithoutTypedHops(t *testing.T) {
	t.Parallel()
	written := *weir.Func("lies", func(_ context.Context, s string) (float64, error) { return 1, nil }).Written()
	written.In, written.Out = nil, nil
	lies := weir.Of[string, string](&written)
	s := weir.Chain("seq", weir.Func("a", add("a")), lies, weir.Func("z", add("z")))
	got := weirtest.SameWithout(t, "x", func() (weir.Step[string, string], *weir.Config) { return s, nil })
	if !strings.Contains(got, "seq/z (func): the step takes string but got float64") {
		t.Error(got)
	}
}
