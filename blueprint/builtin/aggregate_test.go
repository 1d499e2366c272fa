package builtin

import (
	"math"
	"strconv"
	"testing"

	"github.com/weirflow/weir/plan"
)

// requests are items of two paths, one with a gap and one whose path is missing.
var requests = []any{
	object{"req": object{"path": "/b"}, "status": int64(200), "bytes": int64(10), "user": "u1"},
	object{"req": object{"path": "/a"}, "status": int64(500), "bytes": int64(1), "user": "u1"},
	object{"req": object{"path": "/b"}, "status": int64(503), "bytes": 2.5, "user": "u2"},
	object{"req": object{"path": "/b"}, "status": int64(200), "user": "u1"},
	object{"status": int64(404), "bytes": int64(7), "user": nil},
}

var failed = where(func(item object) bool { return item["status"].(int64) >= 500 })

func TestAggregate_ComputesEveryMetricOfEachGroup(t *testing.T) {
	t.Parallel()
	a := &Aggregate{By: []string{"req.path"}, Metrics: []Metric{
		{Name: "requests", Op: "count"},
		{Name: "with_bytes", Op: "count", Field: "bytes"},
		{Name: "failed", Op: "count", Where: failed},
		{Name: "failing", Op: "rate", Where: failed},
		{Name: "sum", Op: "sum", Field: "bytes"},
		{Name: "avg", Op: "avg", Field: "bytes"},
		{Name: "min", Op: "min", Field: "bytes"},
		{Name: "max", Op: "max", Field: "bytes"},
		{Name: "p50", Op: "p50", Field: "bytes"},
		{Name: "users", Op: "distinct", Field: "user"},
		{Name: "last_user", Op: "max", Field: "user"},
	}}
	same(t, run(t, a, requests), []any{
		object{
			"req": object{"path": "/b"}, "requests": int64(3), "with_bytes": int64(2), "failed": int64(1), "failing": 1.0 / 3,
			"sum": 12.5, "avg": 6.25, "min": 2.5, "max": int64(10), "p50": 6.25, "users": int64(2), "last_user": "u2",
		},
		object{
			"req": object{"path": "/a"}, "requests": int64(1), "with_bytes": int64(1), "failed": int64(1), "failing": 1.0,
			"sum": int64(1), "avg": 1.0, "min": int64(1), "max": int64(1), "p50": 1.0, "users": int64(1), "last_user": "u1",
		},
		object{
			"req": object{"path": nil}, "requests": int64(1), "with_bytes": int64(1), "failed": int64(0), "failing": 0.0,
			"sum": int64(7), "avg": 7.0, "min": int64(7), "max": int64(7), "p50": 7.0, "users": int64(0), "last_user": nil,
		},
	})
}

func TestAggregate_WithoutByGivesOneRowEvenOfNothing(t *testing.T) {
	t.Parallel()
	a := &Aggregate{Metrics: []Metric{
		{Name: "n", Op: "count"}, {Name: "sum", Op: "sum", Field: "x"}, {Name: "avg", Op: "avg", Field: "x"},
		{Name: "min", Op: "min", Field: "x"}, {Name: "p99", Op: "p99", Field: "x"}, {Name: "rate", Op: "rate", Where: failed},
		{Name: "kinds", Op: "distinct", Field: "x"},
	}}
	same(t, run(t, a, []any{}), object{"n": int64(0), "sum": int64(0), "avg": nil, "min": nil, "p99": nil, "rate": nil, "kinds": int64(0)})
	same(t, run(t, &Aggregate{Metrics: a.Metrics[:1]}, requests), object{"n": int64(5)})
	same(t, run(t, &Aggregate{By: []string{"x"}, Metrics: a.Metrics[:1]}, []any{}), []any{})
}

func TestAggregate_HavingSortAndLimit(t *testing.T) {
	t.Parallel()
	a := &Aggregate{
		By: []string{"req.path"}, Metrics: []Metric{{Name: "n", Op: "count"}, {Name: "bytes", Op: "sum", Field: "bytes"}},
		Having: where(func(row object) bool { return row["n"].(int64) < 3 }),
		SortBy: "bytes", Order: "desc", Limit: 1,
	}
	same(t, run(t, a, requests), []any{object{"req": object{"path": nil}, "n": int64(1), "bytes": int64(7)}})
	mistaken(t, &Aggregate{Metrics: a.Metrics, Limit: 1}, Env{}, "by")
}

func TestAggregate_BucketsTimesInUTC(t *testing.T) {
	t.Parallel()
	a := &Aggregate{By: []string{"time"}, Bucket: map[string]string{"time": "5m"}, Metrics: []Metric{{Name: "n", Op: "count"}, {Name: "first", Op: "min", Field: "time"}}}
	list := []any{
		object{"time": "2025-03-14T09:29:59Z"}, object{"time": "2025-03-14T10:26:00.5+01:00"}, object{"time": "2025-03-14T09:30:00Z"}, object{},
	}
	same(t, run(t, a, list), []any{
		object{"time": "2025-03-14T09:25:00Z", "n": int64(2), "first": "2025-03-14T09:29:59Z"},
		object{"time": "2025-03-14T09:30:00Z", "n": int64(1), "first": "2025-03-14T09:30:00Z"},
		object{"time": nil, "n": int64(1), "first": nil},
	})
	refused(t, a, Env{}, []any{object{"time": "noon"}}, plan.CodeInput, `aggregate: item 0: time: expected an RFC 3339 time, found "noon"`)
}

func TestAggregate_GroupsByEqualValuesOnly(t *testing.T) {
	t.Parallel()
	a := &Aggregate{By: []string{"a", "b"}, Metrics: []Metric{{Name: "n", Op: "count"}}}
	list := []any{
		object{"a": "x", "b": "y"}, object{"a": "xs", "b": "y"}, object{"a": "x", "b": "sy"}, object{"a": int64(1)}, object{"a": 1.0},
		object{"a": "1"}, object{"a": true}, object{"a": false}, object{"b": true}, object{"a": 1.5}, object{"a": float64(1 << 60)},
		object{"a": int64(1 << 60)}, object{"a": "p", "b": "qs\x00r"}, object{"a": "ps\x00q", "b": "r"},
	}
	rows := run(t, a, list).([]any)
	if len(rows) != len(list)-1 {
		t.Errorf("got %d groups, want %d: only 1 and 1.0 are equal: %v", len(rows), len(list)-1, rows)
	}
	same(t, rows[3], object{"a": int64(1), "b": nil, "n": int64(2)})
	refused(t, a, Env{}, []any{object{"a": []any{}}}, plan.CodeInput, "aggregate: item 0: a is a list; group by")
	refused(t, a, Env{}, []any{object{"a": math.NaN()}}, plan.CodeInput, "aggregate: item 0: a is a value of a sort")
}

func TestAggregate_BoundsTheNumberOfGroups(t *testing.T) {
	t.Parallel()
	list := make([]any, 11)
	for i := range list {
		list[i] = object{"a": strconv.Itoa(i)}
	}
	a := &Aggregate{By: []string{"a"}, Metrics: []Metric{{Name: "n", Op: "count"}}, MaxGroups: 10}
	refused(t, a, Env{}, list, plan.CodeInput, "more than the 10 groups of max_groups")
	if rows := run(t, a, list[:10]).([]any); len(rows) != 10 {
		t.Errorf("got %d groups of the 10 allowed", len(rows))
	}
}

func TestAggregate_NamesItemMetricAndFieldOfWhatItRefuses(t *testing.T) {
	t.Parallel()
	for op, list := range map[string][]any{
		"sum":      {object{"x": int64(1)}, object{"x": "many"}},
		"avg":      {object{"x": int64(1)}, object{"x": true}},
		"p95":      {object{"x": int64(1)}, object{"x": []any{}}},
		"min":      {object{"x": int64(1)}, object{"x": "text"}},
		"max":      {object{"x": int64(1)}, object{"x": object{}}},
		"distinct": {object{"x": int64(1)}, object{"x": object{}}},
	} {
		a := &Aggregate{Metrics: []Metric{{Name: "m", Op: op, Field: "x"}}}
		refused(t, a, Env{}, list, plan.CodeInput, "aggregate: item 1: metric m: x: ")
	}
	refused(t, &Aggregate{Metrics: []Metric{{Name: "n", Op: "count"}}}, Env{}, []any{object{}, int64(1)}, plan.CodeInput, "aggregate: item 1 is a number; it wants a map")
	refused(t, &Aggregate{Metrics: []Metric{{Name: "n", Op: "count"}}}, Env{}, object{}, plan.CodeInput, "wants a list of maps")
}

func TestAggregate_SumsStayWholeWhileTheyFit(t *testing.T) {
	t.Parallel()
	sum := func(values ...any) any {
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = object{"x": v}
		}
		return run(t, &Aggregate{Metrics: []Metric{{Name: "s", Op: "sum", Field: "x"}}}, list).(object)["s"]
	}
	same(t, sum(int64(1<<62), int64(1<<62-1), int64(1)), float64(1<<63))
	same(t, sum(int64(math.MaxInt64), int64(-1)), int64(math.MaxInt64-1))
	same(t, sum(int64(math.MinInt64), int64(-1)), -float64(1<<63))
	same(t, sum(int64(1), 0.5), 1.5)
	huge := []any{object{"x": math.MaxFloat64}, object{"x": math.MaxFloat64}}
	for _, op := range []string{"sum", "avg"} {
		refused(t, &Aggregate{Metrics: []Metric{{Name: "s", Op: op, Field: "x"}}}, Env{}, huge, plan.CodeInput, "metric s: the sum is too large")
	}
}

func TestPercentile_InterpolatesBetweenClosestRanks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sorted []float64
		share  float64
		want   float64
	}{
		{[]float64{4}, 0.99, 4},
		{[]float64{1, 2}, 0.5, 1.5},
		{[]float64{1, 2, 3, 4}, 0.5, 2.5},
		{[]float64{15, 20, 35, 40, 50}, 0.95, 48},
		{[]float64{0, 100}, 0.99, 99},
		{[]float64{-math.MaxFloat64, math.MaxFloat64}, 0.5, 0},
	} {
		if got := percentile(c.sorted, c.share); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v at %v is %v, want %v", c.sorted, c.share, got, c.want)
		}
	}
}
