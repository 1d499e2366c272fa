package builtin

import (
	"context"
	"errors"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

func TestSelect_FiltersSortsCutsAndReshapes(t *testing.T) {
	t.Parallel()
	list := []any{
		object{"n": int64(1), "req": object{"path": "/a", "x": true}},
		object{"n": 2.5, "req": object{"path": "/b"}},
		object{"n": int64(9)},
		object{"n": int64(2), "req": object{"path": "/c"}},
	}
	s := &Select{
		Where:  where(func(item object) bool { return item["n"] != int64(9) }),
		SortBy: "n", Order: "desc", Limit: 2, Fields: []string{"req.path", "n"},
	}
	same(t, run(t, s, list), []any{object{"n": 2.5, "req": object{"path": "/b"}}, object{"n": int64(2), "req": object{"path": "/c"}}})
	same(t, list[0], object{"n": int64(1), "req": object{"path": "/a", "x": true}})
	same(t, run(t, &Select{Value: "req.path"}, list), []any{"/a", "/b", nil, "/c"})
	same(t, run(t, &Select{}, list), list)
	same(t, run(t, &Select{}, []any{}), []any{})
}

func TestSelect_LeavesItsInputAsItWas(t *testing.T) {
	t.Parallel()
	list := []any{int64(2), int64(1), []any{int64(3)}}
	run(t, &Select{SortBy: "a", Flatten: true, Value: "x"}, list)
	run(t, &Select{Value: "x"}, list)
	same(t, list, []any{int64(2), int64(1), []any{int64(3)}})
}

func TestSelect_SortsMixedValuesStablyWithGapsLast(t *testing.T) {
	t.Parallel()
	list := []any{
		object{"i": "gap"}, object{"k": "b", "i": "1"}, object{"k": int64(2)}, object{"k": true}, object{"k": "a"},
		object{"k": 1.5}, object{"k": []any{}}, object{"k": false}, object{"k": "b", "i": "2"}, object{"k": nil},
	}
	keys := func(out any) (all []any) {
		for _, item := range out.([]any) {
			all = append(all, item.(object)["k"])
		}
		return all
	}
	up := run(t, &Select{SortBy: "k"}, list)
	same(t, keys(up), []any{false, true, 1.5, int64(2), "a", "b", "b", []any{}, nil, nil})
	same(t, up.([]any)[5].(object)["i"], "1")
	down := run(t, &Select{SortBy: "k", Order: "desc"}, list)
	same(t, keys(down), []any{[]any{}, "b", "b", "a", int64(2), 1.5, true, false, nil, nil})
	same(t, down.([]any)[1].(object)["i"], "1")
}

func TestSelect_KeepsTheOrderOfManyEqualItems(t *testing.T) {
	t.Parallel()
	list := make([]any, 200)
	for i := range list {
		list[i] = object{"k": int64(i % 2), "i": int64(i)}
	}
	for i, v := range run(t, &Select{SortBy: "k", Order: "desc", Value: "i"}, list).([]any) {
		if want := int64(2*i+1) - int64(i/100)*201; v != want {
			t.Fatalf("item %d is %v, want %d", i, v, want)
		}
	}
}

func TestSelect_ComparesLargeWholeNumbersExactly(t *testing.T) {
	t.Parallel()
	if compare(int64(1<<53), int64(1<<53+1)) >= 0 || compare(int64(2), 1.5) <= 0 {
		t.Error("2^53 is not below 2^53+1, or 2 not above 1.5")
	}
}

func TestSelect_FlattensOneLevelFirst(t *testing.T) {
	t.Parallel()
	list := []any{[]any{int64(1), []any{int64(2)}}, []string{"a"}, "b"}
	same(t, run(t, &Select{Flatten: true}, list), []any{int64(1), []any{int64(2)}, "a", "b"})
}

func TestSelect_OfAMapKeepsFieldsOrTakesAValue(t *testing.T) {
	t.Parallel()
	in := object{"a": int64(1), "b": object{"c": int64(2), "d": int64(3)}}
	same(t, run(t, &Select{Fields: []string{"b.c", "gone.x"}}, in), object{"b": object{"c": int64(2)}})
	same(t, run(t, &Select{Value: "b.d"}, in), int64(3))
	refused(t, &Select{Limit: 1}, Env{}, in, plan.CodeInput, "select: the input is a map; it wants a list")
	refused(t, &Select{}, Env{}, "x", plan.CodeInput, "wants a list or a map")
}

func TestSelect_Mistakes(t *testing.T) {
	t.Parallel()
	mistaken(t, &Select{Fields: []string{"a", "a.b", "."}, Value: "a.", Order: "asc", Limit: -1}, Env{},
		"order", "limit", "fields[2]", "fields[1]", "value", "value")
}

func TestSelect_WhereMustGiveTrueOrFalse(t *testing.T) {
	t.Parallel()
	list := []any{object{}, object{}}
	number := spec.Expr{Source: "index", Program: program(func(vars spec.Vars) (any, error) { return vars[spec.VarIndex], nil })}
	refused(t, &Select{Where: number}, Env{}, list, plan.CodeExpression, "select: where: item 0", `"index" gives a number`)
	failing := spec.Expr{Source: "x", Program: program(func(vars spec.Vars) (any, error) {
		if vars[spec.VarIndex] == int64(1) {
			return nil, errors.New("no such key")
		}
		return true, nil
	})}
	refused(t, &Select{Where: failing}, Env{}, list, plan.CodeExpression, "select: where: item 1: no such key")
	costly := spec.Expr{Source: "x", Program: program(func(spec.Vars) (any, error) { return nil, plan.Errorf(plan.CodeDuration, "too slow") })}
	refused(t, &Select{Where: costly}, Env{}, list, plan.CodeDuration, "too slow")
}

func TestSelect_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	for _, f := range []Function{&Select{}, &Aggregate{Metrics: []Metric{{Name: "n", Op: "count"}}}, &ToCSV{}} {
		if _, err := build(t, f, Env{})(ctx, []any{object{"a": "b"}}); !errors.Is(err, gone) {
			t.Errorf("%T: got %v, want %v", f, err, gone)
		}
	}
}
