package each_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/each"
)

func texts(_ context.Context, v any) (any, error) { return fmt.Sprint(v), nil }

func TestB117_AnyListWillDo(t *testing.T) {
	t.Parallel()
	body := spec.Step{Step: weir.Func("line", texts).Written()}
	for want, in := range map[string]any{
		"[3 1 <nil>]":  []any{3, "1", nil},
		"[a b]":        []string{"a", "b"},
		"[map[k:1]]":   []map[string]any{{"k": 1}},
		"[1.5 2.5]":    []float64{1.5, 2.5},
		"[x y]":        [2]string{"x", "y"},
		"[[1 2] [3]]":  [][]int{{1, 2}, {3}},
		"[{1} {2}]":    []struct{ N int }{{1}, {2}},
		"[true false]": []bool{true, false},
	} {
		r, err := execute(t, yaml(t, each.Spec{Body: body, Width: 2}), in)
		if err != nil || fmt.Sprint(r.Output) != want {
			t.Errorf("%v, %v; want %s", r.Output, err, want)
		}
	}
	for _, in := range []any{[]any{}, []string(nil), [0]int{}} {
		r, err := execute(t, yaml(t, each.Spec{Body: body}), in)
		if list, ok := r.Output.([]any); err != nil || !ok || list == nil || len(list) != 0 {
			t.Errorf("%#v, %v; want an empty list", r.Output, err)
		}
	}
}

func TestB117_WhatIsNoListIsAFailure(t *testing.T) {
	t.Parallel()
	for _, in := range []any{"text", 7, nil, map[string]any{"a": 1}, []byte("bytes"), json.RawMessage("[1]"), func() {}} {
		r, err := execute(t, yaml(t, each.Spec{}), in)
		if plan.CodeOf(err) != plan.CodeInput || path(err) != "m" || r.Output != nil {
			t.Fatalf("%T: %v, error %v", in, r.Output, err)
		}
		wants(t, err.Error(), "iterable")
	}
}

func TestB117_TheListMayBeAContextKey(t *testing.T) {
	t.Parallel()
	list := state.NewKey[[]int]("list")
	for _, name := range []string{"list", "context.list"} {
		r, err := execute(t, yaml(t, each.Spec{Iterable: name}), any("ignored"), weir.State(list.With([]int{2, 4})))
		if err != nil {
			t.Fatal(err)
		}
		equal[any](t, r.Output, 20, 40)
	}
	_, err := execute(t, yaml(t, each.Spec{Iterable: "missing"}), any([]int{2}))
	if plan.CodeOf(err) != plan.CodeInput {
		t.Errorf("error %v", err)
	}
	wants(t, err.Error(), `"missing"`)
	_, err = execute(t, yaml(t, each.Spec{Iterable: "list"}), nil, weir.State(state.NewKey[string]("list").With("text")))
	wants(t, err.Error(), "context key list", "iterable")
}

func TestItemsOfTheStateBelongToTheBody(t *testing.T) {
	t.Parallel()
	rows := state.NewKey[[]map[string]any]("rows")
	edit := weir.Func("line", func(_ context.Context, row map[string]any) (any, error) {
		row["n"] = 2
		return row, nil
	})
	r, err := execute(t, yaml(t, each.Spec{Iterable: "rows", Body: spec.Step{Step: edit.Written()}}), nil,
		weir.State(rows.With([]map[string]any{{"n": 1}})))
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := rows.From(r.State); v[0]["n"] != 1 {
		t.Errorf("the state holds %v", v)
	}
}

func TestB088_WithoutStateThereIsNoContextKey(t *testing.T) {
	t.Parallel()
	for _, s := range []each.Spec{{Iterable: "list"}, {}, {ShowItem: true}} {
		p, err := weir.Compile(yaml(t, s), nil)
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Program().Main.Steps[0].Op(t.Context(), stateless{}, []int{2, 4})
		if s.Iterable != "" {
			if plan.CodeOf(err) != plan.CodeInput {
				t.Errorf("error %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		equal[any](t, out, 20, 40)
	}
}

// stateless is a frame of an engine that has no state. It runs ops one after the other.
type stateless struct{ plan.Frame }

func (f stateless) Each(ctx context.Context, it *plan.Items) error {
	for i := range it.N {
		out, err := f.Do(ctx, it.Block, i, it.In(i))
		it.Done(ctx, i, out, err)
	}
	return nil
}

func (f stateless) Do(ctx context.Context, b *plan.Block, _ int, in any) (any, error) {
	return b.Steps[0].Op(ctx, f, in)
}

func (stateless) Note(*plan.Site, string, any)  {}
func (stateless) Progress(*plan.Site, int, int) {}

func TestTheListMayBeAnExpression(t *testing.T) {
	t.Parallel()
	items := func(p program) spec.Value { return spec.Value{Source: "{{ previous_step }}", Program: p} }
	r, err := execute(t, yaml(t, each.Spec{Items: items(func(_ context.Context, vars spec.Vars) (any, error) {
		return []any{vars[spec.VarPrevious], 6}, nil
	})}), any(4))
	if err != nil {
		t.Fatal(err)
	}
	equal[any](t, r.Output, 40, 60)
	_, err = execute(t, yaml(t, each.Spec{Items: items(func(context.Context, spec.Vars) (any, error) { return nil, errBoom })}), any(4))
	if plan.CodeOf(err) != plan.CodeExpression || !errors.Is(err, errBoom) {
		t.Errorf("error %v", err)
	}
	_, err = execute(t, yaml(t, each.Spec{Items: items(func(context.Context, spec.Vars) (any, error) { return "text", nil })}), any(4))
	wants(t, err.Error(), "items must be a list", "iterable")
}

func TestSkipLeavesFailedItemsOut(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 4} {
		r, err := execute(t, yaml(t, each.Spec{OnFailure: "skip", Width: width}), any([]int{2, 3, 4, 5, 6}))
		if err != nil {
			t.Fatal(err)
		}
		equal[any](t, r.Output, 20, 40, 60)
		if s := step(t, r); s.Note("failed") != 2 || !s.Success() {
			t.Errorf("%v", s.Metadata())
		}
	}
	r, err := execute(t, yaml(t, each.Spec{OnFailure: "skip"}), any([]int{1, 3}))
	if list, ok := r.Output.([]any); err != nil || !ok || len(list) != 0 {
		t.Errorf("%v, %v", r.Output, err)
	}
}

func TestFailIsTheDefault(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "fail"} {
		_, err := execute(t, yaml(t, each.Spec{OnFailure: mode}), any([]int{2, 3, 4}))
		if path(err) != "m[1]/line" {
			t.Errorf("%q: error %v", mode, err)
		}
	}
}

func TestCollectKeepsBadItemsWithTheirErrors(t *testing.T) {
	t.Parallel()
	r, err := execute(t, yaml(t, each.Spec{OnFailure: "collect", Width: 2}), any([]int{2, 3, 4}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"items":  []any{20, 40},
		"failed": []any{map[string]any{"index": 1, "error": "weir: m[1]/line (func): boom", "item": 3}},
		"count":  3, "failed_count": 1,
	}
	if !reflect.DeepEqual(r.Output, want) {
		t.Errorf("got %v, want %v", r.Output, want)
	}
}

func TestCollectKeepsTheFirstHundredBadItemsAndCountsAll(t *testing.T) {
	t.Parallel()
	in := make([]int, 1000)
	for i := range in {
		in[i] = i
	}
	for _, width := range []int{1, 16} {
		r, err := execute(t, yaml(t, each.Spec{OnFailure: "collect", Width: width}), any(in))
		if err != nil {
			t.Fatal(err)
		}
		out := r.Output.(map[string]any)
		failed := out["failed"].([]any)
		if len(out["items"].([]any)) != 500 || out["count"] != 1000 || out["failed_count"] != 500 || len(failed) != each.MaxFailed {
			t.Fatalf("count %v, failed_count %v, %d kept", out["count"], out["failed_count"], len(failed))
		}
		for i, f := range failed {
			if f := f.(map[string]any); f["index"] != 2*i+1 || f["item"] != 2*i+1 {
				t.Fatalf("failure %d is %v", i, f)
			}
		}
	}
}

func TestMistakesOfTheSpecAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	text := spec.Value{Source: "context.lines", Program: program(nil)}
	_, err := (&each.Spec{Width: -1, OnFailure: "hope", Merge: "merge_scratchpad", Iterable: "x", Items: text}).Node()
	if plan.CodeOf(err) != plan.CodeConfig {
		t.Fatalf("error %v", err)
	}
	wants(t, err.Error(), "concurrency: -1", `"hope"`, "merge_scratchpad", "keep one", "{{ context.lines }}", "body")
}

func TestTheKindMakesASpecThatCompiles(t *testing.T) {
	t.Parallel()
	k := each.Kind()
	s, ok := k.New().(*each.Spec)
	if !ok || k.Name != "map" || k.Under != "map" || s.Width != 1 || s.OnFailure != "fail" || s.Merge != "context_update" {
		t.Fatalf("%+v, %+v", k, s)
	}
	r, err := execute(t, yaml(t, *s), any([]int{2}))
	if err != nil {
		t.Fatal(err)
	}
	equal[any](t, r.Output, 20)
}

func TestPathsOfABodyWithoutAName(t *testing.T) {
	t.Parallel()
	fails := func(context.Context, any) (any, error) { return nil, errBoom }
	leaf := weir.Func("", fails).Written()
	list := &plan.Step{Node: &plan.Sequence{Steps: []*plan.Step{weir.Func("a", fails).Written()}}}
	for want, body := range map[string]*plan.Step{"m[0]/body": leaf, "m[0]/a": list} {
		_, err := execute(t, yaml(t, each.Spec{Body: spec.Step{Step: body}}), any([]any{1}))
		if path(err) != want {
			t.Errorf("path %q, want %q", path(err), want)
		}
	}
}
