package builtin

import (
	"context"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Select reshapes a list in this order: flatten, where, sort_by, limit, then fields or value. Of a map it keeps fields, or
// gives the value at one place. Fields stay where they were: request.path comes out as the map request with the key path.
type Select struct {
	Flatten bool      `weir:"flatten" doc:"Puts the items of lists inside the list in their place, one level. Default false."`
	Where   spec.Expr `weir:"where" doc:"Keeps the items for which it is true; sees item and index."`
	SortBy  string    `weir:"sort_by" doc:"The field to sort by, dotted; equal items keep their order and items without it go last. Default: not sorted."`
	Order   string    `weir:"order" enum:"asc,desc" doc:"The order of sort_by. Default: asc."`
	Limit   int       `weir:"limit" doc:"How many items to keep. Default: all."`
	Fields  []string  `weir:"fields" doc:"The fields to keep of each item, dotted; ones it does not have are left out. Default: all."`
	Value   string    `weir:"value" doc:"The field whose value takes the item's place, dotted; null where there is none."`
}

// selection is Select, checked.
type selection struct {
	flatten bool
	where   spec.Expr
	sorting sorting
	fields  []place
	value   place
}

// Build checks the keys and makes the call.
func (s *Select) Build(Env) (Call, error) {
	m := &mistakes{function: "select"}
	sel := &selection{
		flatten: s.Flatten,
		where:   s.Where,
		sorting: m.sorting(s.SortBy, s.Order, s.Limit),
		fields:  m.places("fields", s.Fields),
	}
	m.apart("fields", sel.fields)
	if s.Value != "" {
		sel.value = m.place("value", s.Value)
	}
	if s.Value != "" && len(s.Fields) > 0 {
		m.add("value", "it cannot stand beside fields; one of them says what an item becomes")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	return sel.call, nil
}

func (s *selection) call(ctx context.Context, in any) (any, error) {
	if one, ok := in.(map[string]any); ok {
		if s.flatten || s.where.Set() || s.sorting.by != nil || s.sorting.limit > 0 {
			return nil, badInput("select", "a list for flatten, where, sort_by and limit", in)
		}
		return s.reshape(one), nil
	}
	list, ok := toList(in)
	if !ok {
		return nil, badInput("select", "a list or a map", in)
	}
	if s.flatten {
		list = flattened(list)
	}
	kept, err := s.filter(ctx, in, list)
	if err != nil {
		return nil, err
	}
	kept = s.sorting.apply(kept)
	for i, item := range kept {
		kept[i] = s.reshape(item)
	}
	return kept, nil
}

// filter copies the items to keep.
func (s *selection) filter(ctx context.Context, in any, list []any) ([]any, error) {
	where := newCondition("select: where", s.where, in)
	kept := make([]any, 0, len(list))
	for i, item := range list {
		if err := stopped(ctx, i); err != nil {
			return nil, err
		}
		ok, err := where.holds(ctx, item, i)
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// reshape keeps the fields of an item, or takes its value. Items that are no maps have no fields and stay.
func (s *selection) reshape(item any) any {
	if s.value != nil {
		v, _ := s.value.get(item)
		return v
	}
	if _, ok := item.(map[string]any); !ok || len(s.fields) == 0 {
		return item
	}
	out := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		if v, ok := f.get(item); ok {
			f.put(out, v)
		}
	}
	return out
}

// flattened spreads the lists in a list.
func flattened(list []any) []any {
	out := make([]any, 0, len(list))
	for _, item := range list {
		if inner, ok := toList(item); ok {
			out = append(out, inner...)
			continue
		}
		out = append(out, item)
	}
	return out
}

// wantMap is the failure of an item that is no map.
func wantMap(function string, i int, item any) error {
	return plan.Errorf(plan.CodeInput, "%s: item %d is %s; it wants a map", function, i, describe(item))
}
