package builtin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/spec"
)

// Metric is one number, or other value, that Aggregate computes of a group. Items without the field, or with null there,
// are passed over.
//
// count counts items, or those that have the field. sum is whole while all are whole and it fits. avg, min, max and the
// percentiles p50, p95 and p99 are null of nothing; min and max also take text, such as times. distinct counts different
// values. rate is the share, from 0 to 1, of the items for which where is true, and null of no items; for every other op
// where says which items it is about.
type Metric struct {
	Name  string    `weir:"name,required" doc:"The key in the row."`
	Op    string    `weir:"op,required" enum:"count,sum,avg,min,max,p50,p95,p99,distinct,rate" doc:"What to compute."`
	Field string    `weir:"field" doc:"The field it is computed of, dotted. Needed by all but count and rate."`
	Where spec.Expr `weir:"where" doc:"Only items for which it is true count; sees item and index. Needed by rate."`
}

// metric is a Metric, checked.
type metric struct {
	name  string
	field place
	where spec.Expr
	rate  bool
	op    func() tally
}

// tally takes in the values of one group. An error of add says what it wants.
type tally interface {
	add(v any) error
	result() (any, error)
}

// ops are the words of op, in the order in which messages list them.
var ops = []string{"count", "sum", "avg", "min", "max", "p50", "p95", "p99", "distinct", "rate"}

// newTally picks the tally of an op; nil for a word that is none.
func newTally(op string) func() tally {
	switch op {
	case "count":
		return func() tally { return new(countTally) }
	case "sum":
		return func() tally { return &sumTally{exact: true} }
	case "avg":
		return func() tally { return new(avgTally) }
	case "min":
		return func() tally { return &edgeTally{sign: 1} }
	case "max":
		return func() tally { return &edgeTally{sign: -1} }
	case "p50":
		return func() tally { return &percentileTally{share: 0.50} }
	case "p95":
		return func() tally { return &percentileTally{share: 0.95} }
	case "p99":
		return func() tally { return &percentileTally{share: 0.99} }
	case "distinct":
		return func() tally { return &distinctTally{seen: map[string]struct{}{}} }
	case "rate":
		return func() tally { return new(avgTally) } // of 1 where it holds and 0 where not
	}
	return nil
}

// buildMetrics checks the list.
func buildMetrics(m *mistakes, list []Metric) []metric {
	if len(list) == 0 {
		m.add("metrics", "it is missing; write at least one, such as {name: requests, op: count}")
	}
	out := make([]metric, len(list))
	for i, metric := range list {
		at := fmt.Sprintf("metrics[%d].", i)
		if metric.Name == "" || slices.ContainsFunc(list[:i], func(o Metric) bool { return o.Name == metric.Name }) {
			m.add(at+"name", "%q is empty or there twice", metric.Name)
		}
		out[i] = metric.build(m, at)
	}
	return out
}

func (c Metric) build(m *mistakes, at string) metric {
	out := metric{name: c.Name, where: c.Where, rate: c.Op == "rate", op: newTally(c.Op)}
	if c.Field != "" {
		out.field = m.place(at+"field", c.Field)
	}
	switch {
	case out.op == nil:
		m.add(at+"op", "%q is not one of %s", c.Op, strings.Join(ops, ", "))
	case out.rate && !c.Where.Set():
		m.add(at+"where", "it is missing; rate is the share of items for which it is true")
	case out.rate && c.Field != "":
		m.add(at+"field", "rate reads no field; say in where what counts")
	case !out.rate && c.Op != "count" && c.Field == "":
		m.add(at+"field", "it is missing; %s is computed of a field", c.Op)
	}
	return out
}

// feed gives an item of which where holds, or does not, to the tally.
func (c metric) feed(t tally, item any, holds bool) error {
	switch {
	case c.rate:
		return t.add(int64(truth(holds)))
	case !holds:
		return nil
	case c.field == nil:
		return t.add(int64(1))
	}
	v, _ := c.field.get(item)
	if v == nil {
		return nil
	}
	if err := t.add(v); err != nil {
		return fmt.Errorf("%s: %w", c.field, err)
	}
	return nil
}
