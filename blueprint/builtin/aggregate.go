package builtin

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Aggregate groups a list of maps by the values of fields and computes metrics of each group. Groups come in the order in
// which their first items came, unless sort_by says otherwise. A row holds the fields of by, where they were in the items,
// and the metrics by name. Without by there is one group and the output is its row, also of an empty list.
//
// Memory grows with the number of groups, and with the number of items for percentiles and distinct.
type Aggregate struct {
	By        []string          `weir:"by" doc:"The fields to group by, dotted; an item without one counts as null there. Default: one group."`
	Bucket    map[string]string `weir:"bucket" doc:"For fields of by that hold RFC 3339 times: a duration such as 5m, whose multiples the times are cut down to, in UTC."`
	Metrics   []Metric          `weir:"metrics,required" doc:"What to compute of each group."`
	Having    spec.Expr         `weir:"having" doc:"Keeps the rows for which it is true; sees the row as item, and index."`
	SortBy    string            `weir:"sort_by" doc:"The field of the rows to sort by, dotted; rows without it go last. Default: not sorted."`
	Order     string            `weir:"order" enum:"asc,desc" doc:"The order of sort_by. Default: asc."`
	Limit     int               `weir:"limit" doc:"How many rows to keep. Default: all."`
	MaxGroups int               `weir:"max_groups" doc:"The most groups there may be; more fail the step. Default: 100000."`
}

// maxGroups is the default of max_groups.
const maxGroups = 100_000

// aggregation is Aggregate, checked.
type aggregation struct {
	by      []place
	bucket  []time.Duration // beside by; 0: none
	metrics []metric
	having  spec.Expr
	sorting sorting
	groups  int
}

// group is what is known of one combination of values.
type group struct {
	by     []any
	tallys []tally
}

// Build checks the keys and makes the call.
func (a *Aggregate) Build(env Env) (Call, error) {
	m := &mistakes{function: "aggregate"}
	agg := &aggregation{
		by:      m.places("by", a.By),
		metrics: buildMetrics(m, a.Metrics),
		having:  a.Having,
		sorting: m.sorting(a.SortBy, a.Order, a.Limit),
		groups:  bounded(m, "max_groups", a.MaxGroups, maxGroups, env.Limits.withDefaults().Groups),
	}
	agg.bucket = m.buckets(a.By, a.Bucket)
	agg.checkNames(m)
	if len(a.By) == 0 && (a.Having.Set() || a.SortBy != "" || a.Limit > 0) {
		m.add("by", "it is missing; having, sort_by and limit are about several groups")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	return agg.call, nil
}

// buckets checks bucket and lays it out beside by.
func (m *mistakes) buckets(by []string, bucket map[string]string) []time.Duration {
	out := make([]time.Duration, len(by))
	for _, field := range slices.Sorted(maps.Keys(bucket)) {
		i := slices.Index(by, field)
		d, err := time.ParseDuration(bucket[field])
		switch {
		case i < 0:
			m.add("bucket."+field, "there is no such field in by")
		case err != nil || d <= 0:
			m.add("bucket."+field, "%q is not a duration above zero such as 5m", bucket[field])
		default:
			out[i] = d
		}
	}
	return out
}

// checkNames sees to it that no two values of a row meet at one place.
func (a *aggregation) checkNames(m *mistakes) {
	m.apart("by", a.by)
	for i, metric := range a.metrics {
		if slices.ContainsFunc(a.by, func(p place) bool { return len(p) > 0 && p[0] == metric.name }) {
			m.add("metrics["+strconv.Itoa(i)+"].name", "%s is also a field of by; give the metric another name", metric.name)
		}
	}
}

func (a *aggregation) call(ctx context.Context, in any) (any, error) {
	list, ok := toList(in)
	if !ok {
		return nil, badInput("aggregate", "a list of maps", in)
	}
	groups, err := a.collect(ctx, in, list)
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, in, groups)
	if err != nil {
		return nil, err
	}
	if len(a.by) == 0 {
		return rows[0], nil
	}
	return a.sorting.apply(rows), nil
}

// collect feeds every item to its group.
func (a *aggregation) collect(ctx context.Context, in any, list []any) ([]*group, error) {
	var order []*group
	if len(a.by) == 0 {
		order = append(order, a.newGroup(nil))
	}
	byKey := map[string]*group{}
	if len(order) > 0 {
		byKey[""] = order[0]
	}
	conditions := a.conditions(in)
	key, values := make([]byte, 0, 64), make([]any, len(a.by))
	for i, item := range list {
		if err := stopped(ctx, i); err != nil {
			return nil, err
		}
		if _, ok := item.(map[string]any); !ok {
			return nil, wantMap("aggregate", i, item)
		}
		var err error
		if key, err = a.key(key[:0], values, item, i); err != nil {
			return nil, err
		}
		g := byKey[string(key)]
		if g == nil {
			if len(order) == a.groups {
				return nil, plan.Errorf(plan.CodeInput, "aggregate: there are more than the %d groups of max_groups; group by something coarser or raise it", a.groups)
			}
			g = a.newGroup(slices.Clone(values))
			byKey[string(key)] = g
			order = append(order, g)
		}
		if err := a.feed(ctx, g, conditions, item, i); err != nil {
			return nil, err
		}
	}
	return order, nil
}

func (a *aggregation) newGroup(by []any) *group {
	g := &group{by: by, tallys: make([]tally, len(a.metrics))}
	for i, m := range a.metrics {
		g.tallys[i] = m.op()
	}
	return g
}

func (a *aggregation) conditions(in any) []*condition {
	list := make([]*condition, len(a.metrics))
	for i, m := range a.metrics {
		list[i] = newCondition("aggregate: metrics["+strconv.Itoa(i)+"].where", m.where, in)
	}
	return list
}

// key fills in the values of by and appends what tells them apart.
func (a *aggregation) key(key []byte, values []any, item any, i int) ([]byte, error) {
	for j, p := range a.by {
		v, _ := p.get(item)
		if a.bucket[j] > 0 && v != nil {
			text, _ := v.(string)
			t, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return nil, plan.Errorf(plan.CodeInput, "aggregate: item %d: %s: expected an RFC 3339 time, found %s", i, p, excerpt(v))
			}
			v = t.UTC().Truncate(a.bucket[j]).Format(time.RFC3339Nano)
		}
		var ok bool
		if key, ok = appendKey(key, v); !ok {
			return nil, plan.Errorf(plan.CodeInput, "aggregate: item %d: %s is %s; group by text, numbers, true or false", i, p, describe(v))
		}
		values[j] = v
	}
	return key, nil
}

// feed gives an item to the metrics of its group.
func (a *aggregation) feed(ctx context.Context, g *group, conditions []*condition, item any, i int) error {
	for j, m := range a.metrics {
		holds, err := conditions[j].holds(ctx, item, i)
		if err != nil {
			return err
		}
		if err := m.feed(g.tallys[j], item, holds); err != nil {
			return plan.Errorf(plan.CodeInput, "aggregate: item %d: metric %s: %w", i, m.name, err)
		}
	}
	return nil
}

// rows makes the output of each group that having keeps.
func (a *aggregation) rows(ctx context.Context, in any, groups []*group) ([]any, error) {
	having := newCondition("aggregate: having", a.having, in)
	rows := make([]any, 0, len(groups))
	for i, g := range groups {
		if err := stopped(ctx, i); err != nil {
			return nil, err
		}
		row, err := a.row(g)
		if err != nil {
			return nil, err
		}
		keep, err := having.holds(ctx, row, i)
		if err != nil {
			return nil, err
		}
		if keep {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (a *aggregation) row(g *group) (map[string]any, error) {
	row := make(map[string]any, len(a.by)+len(a.metrics))
	for j, p := range a.by {
		p.put(row, g.by[j])
	}
	for j, m := range a.metrics {
		v, err := g.tallys[j].result()
		if err != nil {
			return nil, plan.Errorf(plan.CodeInput, "aggregate: metric %s: %w", m.name, err)
		}
		row[m.name] = v
	}
	return row, nil
}
