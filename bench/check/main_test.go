package main

import (
	"strings"
	"testing"

	"github.com/weirflow/weir/bench"
)

func TestMoreAllocationsFailAndMoreTimeDoesNot(t *testing.T) {
	t.Parallel()
	was := &bench.Report{Reference: []bench.Figure{{Workload: "seq10", Ratio: 10, Low: 9, High: 11, Allocs: 1, Bytes: 144}}}
	slower := &bench.Report{Reference: []bench.Figure{{Workload: "seq10", Ratio: 20, Low: 19, High: 21, Allocs: 1, Bytes: 144}}}
	var out strings.Builder
	if err := verdict(&out, was, slower); err != nil || !strings.Contains(out.String(), "slower, which fails nothing here: reference: seq10") {
		t.Errorf("%v\n%s", err, out.String())
	}
	more := &bench.Report{Reference: []bench.Figure{{Workload: "seq10", Ratio: 10, Low: 9, High: 11, Allocs: 2, Bytes: 160}}}
	out.Reset()
	if err := verdict(&out, was, more); err == nil || !strings.Contains(out.String(), "MORE: reference: seq10: allocs was 1, is 2") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestAWorkloadThatTheBaselineLacksIsSaid(t *testing.T) {
	t.Parallel()
	now := &bench.Report{Targets: []bench.Target{{Name: "context"}, {Name: "scale", Parts: []bench.Part{{Name: "limit"}}}},
		Reference: []bench.Figure{{Workload: "seq10"}}, Components: []bench.Comparison{{Workload: "agent"}}}
	if err := lacking(&bench.Report{}, now); err == nil || !strings.Contains(err.Error(), "context, scale limit, reference seq10, part agent") {
		t.Errorf("%v", err)
	}
	if err := lacking(now, now); err != nil {
		t.Error(err)
	}
}

func TestTheTableHasEveryFigureBesideItsOwn(t *testing.T) {
	t.Parallel()
	r := &bench.Report{
		Targets:    []bench.Target{{Name: "context", Allocs: 392, Improvement: 0.5}, {Name: "scale", Parts: []bench.Part{{Name: "limit", Optimised: 655}}}},
		Reference:  []bench.Figure{{Workload: "seq10", Ratio: 10, Bytes: 144}},
		Components: []bench.Comparison{{Workload: "agent", On: bench.Side{Allocs: 95}}},
	}
	var out strings.Builder
	table(&out, r, r)
	for _, want := range []string{"context", "392.0", "50.00 % (50.00 %)", "scale limit", "655.0", "part agent", "95.0", "seq10", "144.0", "10.00 x (10.00 x)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
