package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/usage"
)

// spends is a step that used a little and may fail.
func spends(err error) weir.Step[int, int] {
	return weir.Func("inner", func(ctx context.Context, n int) (int, error) {
		if err := usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: 40, OutputTokens: 2, Cost: 123_400}); err != nil {
			return 0, err
		}
		return n, err
	})
}

// outer is a step that runs a plan itself and gives its result. It may report what the run used by itself.
func outer(t *testing.T, err error, reports bool) *weir.Plan[int, *weir.Result[int]] {
	t.Helper()
	p, cerr := weir.Compile(spends(err), nil)
	if cerr != nil {
		t.Fatal(cerr)
	}
	s := weir.Func("outer", func(ctx context.Context, n int) (*weir.Result[int], error) {
		r, err := p.Execute(ctx, n)
		if reports {
			if err := usage.Report(ctx, r.Usage); err != nil {
				return r, err
			}
		}
		return r, err
	})
	o, cerr := weir.Compile(s, nil)
	if cerr != nil {
		t.Fatal(cerr)
	}
	return o
}

func TestB011_TheUsageOfARunInsideAStepCountsOnce(t *testing.T) {
	t.Parallel()
	for _, reports := range []bool{false, true} {
		r, err := outer(t, nil, reports).Execute(t.Context(), 7)
		if err != nil || r.Output.Output != 7 {
			t.Fatalf("%v, %v", r.Output, err)
		}
		s, _ := r.Step("outer")
		if r.Usage.Cost != 123_400 || r.Usage.Tokens() != 42 || s.Usage() != r.Usage {
			t.Errorf("reported: %v: the run used %+v, the step %+v", reports, r.Usage, s.Usage())
		}
		if steps := s.Steps(); len(steps) != 1 || steps[0].Path() != "inner" || steps[0].Usage().Tokens() != 42 {
			t.Errorf("steps %v", steps)
		}
		if m := s.Metadata(); len(m) != 1 || m["nested_usage_aggregated"] != true {
			t.Errorf("metadata %v", m)
		}
		text, err := json.Marshal(s)
		if err != nil || strings.Count(string(text), `"path":"inner"`) != 1 {
			t.Errorf("%s, %v", text, err)
		}
	}
}

func TestB011_TheUsageOfAFailedRunInsideAStepCountsToo(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	r, err := outer(t, boom, false).Execute(t.Context(), 7)
	if s, _ := r.Step("outer"); !errors.Is(err, boom) || r.Usage.Tokens() != 42 || len(s.Steps()) != 1 {
		t.Errorf("%v, %+v", err, r.Usage)
	}
}

func TestB011_TheUsageOfARunInsideAStepIsBounded(t *testing.T) {
	t.Parallel()
	_, err := outer(t, nil, false).Run(t.Context(), 7, weir.Budget(usage.Limits{Tokens: usage.AtMost(41)}))
	if !errors.Is(err, weir.ErrBudget) {
		t.Errorf("error %v", err)
	}
}

func TestAStepThatReturnsNoResultCountsNothing(t *testing.T) {
	t.Parallel()
	none := weir.Func("none", func(context.Context, int) (*weir.Result[int], error) { return nil, nil })
	p, err := weir.Compile(none, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), 1)
	if s, _ := r.Step("none"); err != nil || r.Output != nil || s.Metadata() != nil || !r.Usage.IsZero() {
		t.Errorf("%v, %v", r.Output, err)
	}
}
