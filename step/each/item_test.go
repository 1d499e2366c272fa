package each_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/telemetry"
)

func TestB117_ResultsComeInItemOrder(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 1, 2, 8} {
		r, err := execute(t, each.Item("m", weir.Func("line", tenfold), each.Width(width), nil), []int{3, 1, 2})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, r.Output, 30, 10, 20)
		s := step(t, r)
		if s.Kind() != "map" || s.Note("items") != 3 || s.Note("failed") != 0 || s.Note("first_error") != nil {
			t.Errorf("%s, %v", s.Kind(), s.Metadata())
		}
		if line, _ := r.Step("m/line"); line.Count() != 3 {
			t.Errorf("the body's record counts %d", line.Count())
		}
	}
}

func TestB117_AnEmptyListGivesAnEmptyListAndRunsNothing(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	body := weir.Func("line", func(context.Context, int) (int, error) { calls.Add(1); return 0, nil })
	for _, in := range [][]int{{}, nil} {
		r, err := execute(t, each.Item("m", body), in)
		if err != nil || r.Output == nil || len(r.Output) != 0 {
			t.Errorf("%#v, %v", r.Output, err)
		}
		c, err := execute(t, each.Collect("m", body), in)
		if err != nil || c.Output == nil || len(c.Output) != 0 || step(t, c).Note("items") != 0 {
			t.Errorf("%#v, %v", c.Output, err)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("the body ran %d times", calls.Load())
	}
}

func TestTheFirstFailedItemFailsTheStep(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	body := weir.Func("body", func(ctx context.Context, n int) (int, error) {
		calls.Add(1)
		return odd(ctx, n)
	})
	r, err := execute(t, each.Item("m", body), []int{2, 4, 5, 6, 7})
	if !errors.Is(err, errBoom) || path(err) != "m[2]/body" {
		t.Errorf("error %v", err)
	}
	wants(t, err.Error(), "weir: m[2]/body (func): boom")
	if calls.Load() != 3 {
		t.Errorf("the body ran %d times", calls.Load())
	}
	equal(t, r.Output, 20, 40, 0, 0, 0)
	if s := step(t, r); s.Note("items") != 5 || s.Note("failed") != 1 || s.Success() {
		t.Errorf("%v, success %v", s.Metadata(), s.Success())
	}
}

func TestAPanicInAnItemIsItsFailure(t *testing.T) {
	t.Parallel()
	body := weir.Func("body", func(_ context.Context, n int) (int, error) {
		if n == 1 {
			panic("kaput")
		}
		return n, nil
	})
	_, err := execute(t, each.Item("m", body, each.Width(4)), []int{0, 1, 0, 0})
	if p, ok := errors.AsType[*weir.PanicError](err); !ok || p.Value != "kaput" || path(err) != "m[1]/body" {
		t.Errorf("error %v", err)
	}
	c, err := execute(t, each.Collect("m", body), []int{0, 1, 2})
	if err != nil || plan.CodeOf(c.Output[1].Err) != plan.CodePanic || c.Output[2].Out != 2 {
		t.Errorf("%v, %v", c.Output, err)
	}
}

func TestCollectGivesEachItemsOutputOrError(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 3} {
		r, err := execute(t, each.Collect("m", weir.Func("line", odd), each.Width(width)), []int{2, 3, 4, 5, 7})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{20, 0, 40, 0, 0} {
			o := r.Output[i]
			if failed := want == 0; o.Out != want || (o.Err != nil) != failed || failed && path(o.Err) != fmt.Sprintf("m[%d]/line", i) {
				t.Errorf("item %d: %+v", i, o)
			}
		}
		s := step(t, r)
		if s.Note("items") != 5 || s.Note("failed") != 3 || !s.Success() {
			t.Errorf("%v, success %v", s.Metadata(), s.Success())
		}
		wants(t, fmt.Sprint(s.Note("first_error")), "m[1]/line", "boom")
		wants(t, fmt.Sprint(s.Note("last_error")), "m[4]/line")
		wants(t, s.Feedback(), "3 of 5 items failed")
	}
}

func TestNoItemMaySwallowWhatIsFinal(t *testing.T) {
	t.Parallel()
	for _, code := range []plan.Code{plan.CodeBudget, plan.CodeAborted, plan.CodeCanceled, plan.CodePaused} {
		var calls atomic.Int32
		body := weir.Func("body", func(_ context.Context, n int) (int, error) {
			calls.Add(1)
			if n == 1 {
				return 0, &plan.Error{Code: code, Text: "the end"}
			}
			return n, nil
		})
		_, err := execute(t, each.Collect("m", body), []int{0, 1, 2, 3})
		if plan.CodeOf(err) != code || path(err) != "m[1]/body" {
			t.Errorf("%s: error %v", code, err)
		}
		want := int32(2)
		if code == plan.CodePaused {
			want = 4 // an item that waits does not disturb the others
		}
		if calls.Load() != want {
			t.Errorf("%s: the body ran %d times, want %d", code, calls.Load(), want)
		}
	}
}

func TestABodyOfAnotherTypeThanItSaysIsAFailure(t *testing.T) {
	t.Parallel()
	liar := weir.Of[int, string](weir.Func("liar", tenfold).Written())
	_, err := execute(t, each.Item("m", liar), []int{1})
	if plan.CodeOf(err) != plan.CodeType {
		t.Errorf("error %v", err)
	}
	c, err := execute(t, each.Collect("m", liar), []int{1})
	if err != nil || plan.CodeOf(c.Output[0].Err) != plan.CodeType {
		t.Errorf("%v, %v", c.Output, err)
	}
}

func TestTheBodyMayBeAPipeline(t *testing.T) {
	t.Parallel()
	inc := weir.Func("inc", func(_ context.Context, n int) (int, error) { return n + 1, nil })
	inner := each.Item("inner", weir.Then(inc, weir.Func("line", odd)))
	r, err := execute(t, each.Item("m", inner), [][]int{{1, 3}, {}, {5, 4}})
	if path(err) != "m[2]/inner[1]/line" {
		t.Errorf("error %v", err)
	}
	if got := fmt.Sprint(r.Output); got != "[[20 40] [] []]" {
		t.Errorf("output %s", got)
	}
}

func TestNilOutputsAreKept(t *testing.T) {
	t.Parallel()
	body := weir.Func("line", func(_ context.Context, n int) (any, error) {
		if n == 1 {
			return n, nil
		}
		return nil, nil
	})
	r, err := execute(t, each.Item("m", body), []int{0, 1, 0})
	if err != nil || len(r.Output) != 3 || r.Output[0] != nil || r.Output[1] != 1 || r.Output[2] != nil {
		t.Errorf("%v, %v", r.Output, err)
	}
}

func TestMistakesOfTheConstructorsAreReported(t *testing.T) {
	t.Parallel()
	for _, s := range []weir.Step[[]int, []int]{
		each.Item("m", weir.Func("line", tenfold), each.Width(-1)),
		each.Item("m", weir.Func("line", tenfold), each.Merge(99)),
		each.Item("m", weir.Step[int, int]{}),
	} {
		if _, err := weir.Compile(s, nil); plan.CodeOf(err) != plan.CodeConfig {
			t.Errorf("error %v", err)
		}
	}
}

// progress is a recorder that keeps how far the step m came.
type progress struct{ last, total atomic.Int64 }

func (p *progress) Event(_ context.Context, e *telemetry.Event) {
	if e.Type == telemetry.StepProgress && e.Path == "m" {
		p.last.Store(int64(e.Done))
		p.total.Store(int64(e.Total))
	}
}

func TestProgressIsToldAsItemsEnd(t *testing.T) {
	t.Parallel()
	p := &progress{}
	plan, err := weir.Compile(each.Collect("m", weir.Func("line", odd)), &weir.Config{Telemetry: p})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = plan.Run(t.Context(), slices.Repeat([]int{1, 2}, 50)); err != nil {
		t.Fatal(err)
	}
	if p.last.Load() != 100 || p.total.Load() != 100 {
		t.Errorf("%d of %d", p.last.Load(), p.total.Load())
	}
}
