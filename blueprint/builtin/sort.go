package builtin

import (
	"cmp"
	"slices"
)

// sorting is sort_by, order and limit, checked.
type sorting struct {
	by    place
	desc  bool
	limit int
}

// sorting checks the three keys that select and aggregate share.
func (m *mistakes) sorting(by, order string, limit int) sorting {
	s := sorting{limit: limit}
	if by != "" {
		s.by = m.place("sort_by", by)
	}
	s.desc = m.choose("order", order, "asc", "desc") == "desc"
	if order != "" && by == "" {
		m.add("order", "there is no sort_by for it; write the field to sort by")
	}
	if limit < 0 {
		m.add("limit", "%d is not a limit; write how many to keep, or leave it out for all", limit)
	}
	return s
}

// apply sorts a list that belongs to the caller and cuts it.
func (s sorting) apply(list []any) []any {
	if s.by != nil {
		list = s.sorted(list)
	}
	if s.limit > 0 && len(list) > s.limit {
		list = slices.Clip(list[:s.limit])
	}
	return list
}

// sorted reads each key once, since a place is dearer than a comparison.
func (s sorting) sorted(list []any) []any {
	type keyed struct{ key, item any }
	rows := make([]keyed, len(list))
	for i, item := range list {
		key, _ := s.by.get(item)
		rows[i] = keyed{key, item}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int {
		// What has no value goes last in both orders: it is neither the least nor the most.
		if a.key == nil || b.key == nil {
			return absence(a.key) - absence(b.key)
		}
		if s.desc {
			return compare(b.key, a.key)
		}
		return compare(a.key, b.key)
	})
	for i, row := range rows {
		list[i] = row.item
	}
	return list
}

func absence(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// compare orders two values: false, true, numbers by size, text by bytes, then all else, which is equal.
func compare(a, b any) int {
	ra, rb := rank(a), rank(b)
	if ra != rb {
		return ra - rb
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case bool:
		return truth(a) - truth(b.(bool))
	}
	x, ok := toNumber(a)
	if !ok {
		return 0
	}
	y, _ := toNumber(b)
	if x.isWhole && y.isWhole {
		return cmp.Compare(x.whole, y.whole)
	}
	return cmp.Compare(x.float, y.float)
}

func rank(v any) int {
	switch v.(type) {
	case bool:
		return 0
	case string:
		return 2
	}
	if _, ok := toNumber(v); ok {
		return 1
	}
	return 3
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
