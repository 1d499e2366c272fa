package parallel_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/parallel"
)

func named(opts ...parallel.Option) weir.Step[int, []parallel.Branch[string]] {
	return parallel.Named("par", opts, good("a"), good("b"))
}

func TestB080_TheScratchpadStrategyIsAMistake(t *testing.T) {
	t.Parallel()
	s := parallel.Spec{Merge: "merge_scratchpad", Branches: spec.Branches{{Name: "a", Step: spec.Step{Step: good("a").Written()}}}}
	node, err := s.Node()
	if node != nil || plan.CodeOf(err) != plan.CodeConfig {
		t.Fatalf("node %v, error %v", node, err)
	}
	wants(t, err.Error(), "merge_scratchpad", "context_update")
}

func TestWrongUsagesAreMistakes(t *testing.T) {
	t.Parallel()
	join := func(context.Context, string, string) (string, error) { return "", nil }
	merge := func(*state.Scope, []state.Branch) error { return nil }
	for name, c := range map[string]struct {
		text  string
		wants []string
	}{
		"strategy":        {mistaken(t, named(parallel.Merge(state.Strategy(99)))), []string{"par", "Strategy(99)", "keep_first"}},
		"field mapping":   {mistaken(t, named(parallel.Fields(map[string][]string{"c": {"f"}}))), []string{`"c"`, "a, b"}},
		"failure policy":  {mistaken(t, named(parallel.OnFailure("hope"))), []string{`"hope"`, "propagate"}},
		"width":           {mistaken(t, named(parallel.Width(-1))), []string{"max_concurrency", "-1"}},
		"fast and ignore": {mistaken(t, named(parallel.FailFast(), parallel.OnFailure(parallel.Ignore))), []string{"fail_fast", "ignore"}},
		"nil merge":       {mistaken(t, named(parallel.MergeFunc(nil))), []string{"nil"}},
		"two merges":      {mistaken(t, named(parallel.MergeFunc(merge), parallel.Merge(state.KeepFirst))), []string{"merge function"}},
		"join, ignoring":  {mistaken(t, parallel.Join2("par", good("a"), good("b"), join, parallel.OnFailure(parallel.Ignore))), []string{"Named"}},
		"nil join": {mistaken(t, parallel.Join2[int, string, string, string]("par", good("a"), good("b"), nil)),
			[]string{"nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wants(t, c.text, c.wants...)
		})
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	text := mistaken(t, named(parallel.Width(-1), parallel.OnFailure("hope"), parallel.Merge(state.Strategy(99))))
	wants(t, text, "max_concurrency", "hope", "Strategy(99)")
	_, err := (&parallel.Spec{Width: -1, OnFailure: "hope"}).Node()
	wants(t, err.Error(), "max_concurrency", "hope")
}

func TestAnEmptyBranchAndTwoOfOneNameAreMistakes(t *testing.T) {
	t.Parallel()
	for _, s := range []weir.Step[int, []string]{
		parallel.All("par", good("a"), weir.Step[int, string]{}),
		parallel.All("par", good("a"), good("a")),
	} {
		if _, err := weir.Compile(s, nil); err == nil {
			t.Error("it compiles")
		}
	}
}

func TestStateThatIsNamedShowsInTheAnalysis(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts []parallel.Option
		want bool
	}{
		"nothing":       {nil, false},
		"only":          {[]parallel.Option{parallel.Only()}, true},
		"field mapping": {[]parallel.Option{parallel.Fields(map[string][]string{"a": {"f"}})}, true},
	} {
		p, err := weir.Compile(named(c.opts...), nil)
		if err != nil {
			t.Fatal(err)
		}
		if a := p.Program().Sites[0].Analysis; a.NeedsState != c.want || a.Leaf || a.Complexity != 3 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}
