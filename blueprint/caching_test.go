package blueprint

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/kinds"
)

// calls are the inputs that a function was called with.
type calls struct {
	mu  sync.Mutex
	got []string
}

func (c *calls) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.got
	c.got = nil
	return got
}

// work is a function that notes its input and gives it back with a mark; the input "bad" fails.
func (c *calls) work(_ context.Context, _ plan.Frame, in any) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, fmt.Sprint(in))
	if in == "bad" {
		return nil, fmt.Errorf("bad input")
	}
	return fmt.Sprintf("<%v>", in), nil
}

// cached compiles a blueprint of the steps given, whose cache is shared.
func cached(t *testing.T, c *calls, shared cache.Backend, steps string) *weir.Plan[any, any] {
	t.Helper()
	src := "version: 1\ncontext: {topic: {type: string, default: tides}}\nsteps:\n" + steps
	b, err := Load("in.yaml", []byte(src), Options{Kinds: kinds.All(), Funcs: map[string]plan.Op{"work": c.work, "other": c.work}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := weir.Compile(weir.Dynamic(b.Step), &weir.Config{State: b.State, Cache: shared})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestResultsAreFoundByTheInputThatAStepWorksOn(t *testing.T) {
	t.Parallel()
	topic := state.NewKey[string]("topic")
	for name, c := range map[string]struct {
		steps string
		// run are inputs and topics, one after the other, and want the inputs that the function saw.
		run  [][2]string
		want []string
	}{
		"the input": {
			`  - {name: a, uses: fn:work, cache: true}`,
			[][2]string{{"x", "t"}, {"x", "u"}, {"y", "t"}, {"x", "t"}}, []string{"x", "y"},
		},
		"an input that is rendered": {
			`  - {name: a, uses: fn:work, input: "{{ context.topic }}", cache: 1h}`,
			[][2]string{{"x", "t"}, {"y", "t"}, {"x", "u"}}, []string{"t", "u"},
		},
		"a key": {
			`  - {name: a, uses: fn:work, cache: {key: "[len(previous_step), context.topic]"}}`,
			[][2]string{{"x", "t"}, {"y", "t"}, {"x", "u"}, {"xx", "t"}}, []string{"x", "x", "xx"},
		},
		"a fallback": {
			`  - {name: a, uses: fn:work, cache: true, fallback: {uses: fn:work, input: good}}`,
			[][2]string{{"bad", "t"}, {"bad", "t"}}, []string{"bad", "good"},
		},
		"kind cache": {
			"  - {name: a, kind: cache, ttl: 0, key: previous_step, wrapped_step: [{name: b, uses: fn:work}, {name: c, uses: fn:other}]}",
			[][2]string{{"x", "t"}, {"x", "u"}}, []string{"x", "<x>"},
		},
		"a loop": {
			`  - {name: a, kind: loop, loop: {max_loops: 3, next_input: "'x'", body: {name: b, uses: fn:work, cache: true}}}`,
			[][2]string{{"'x'", "t"}}, []string{"'x'", "'x'", "'x'"},
		},
	} {
		seen := &calls{}
		p := cached(t, seen, nil, c.steps)
		for _, r := range c.run {
			if _, err := p.Run(t.Context(), r[0], weir.State(topic.With(r[1]))); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if got := seen.take(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: worked on %q, want %q", name, got, c.want)
		}
	}
}

func TestAStepThatIsWrittenOtherwiseIsAnotherStep(t *testing.T) {
	t.Parallel()
	shared, err := cache.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := &calls{}
	for i, c := range []struct {
		step   string
		worked bool
	}{
		{`  - {name: a, uses: fn:work, cache: true}`, true},
		{"\n  # moved, and kept for another time\n  - name: a\n    cache: {ttl: 2h}\n    uses: fn:work\n    meta: {owner: ops}", false},
		{`  - {name: a, uses: fn:other, cache: true}`, true},
		{`  - {name: b, uses: fn:work, cache: true}`, true},
		{`  - {name: a, uses: fn:work, cache: true, retry: {attempts: 2}}`, true},
		{`  - {name: a, uses: fn:work, cache: true}`, false},
	} {
		if _, err := cached(t, seen, shared, c.step).Run(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		if worked := len(seen.take()) > 0; worked != c.worked {
			t.Errorf("%d: worked %v, want %v", i, worked, c.worked)
		}
	}
}
