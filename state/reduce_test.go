package state

import (
	"reflect"
	"testing"
)

func TestReadyReducers(t *testing.T) {
	t.Parallel()
	l := func(items ...string) []string { return items }
	for name, c := range map[string]struct{ got, want any }{
		"sum":                {Sum(10, 11, 12), 13},
		"sum of unsigned":    {Sum[uint8](3, 2, 1), uint8(0)},
		"sum of floats":      {Sum(0.5, 1.5, 2.5), 3.5},
		"max":                {Max(9, 1, 2), 2},
		"min":                {Min(0, 1, 2), 1},
		"append":             {Append(l("a"), l("a", "b"), l("a", "b", "c")), l("a", "b", "b", "c")},
		"append, b shorter":  {Append(l("a", "b"), l("a", "b", "c"), l("a")), l("a", "b", "c")},
		"append, no base":    {Append(nil, l("a"), l("b")), l("a", "b")},
		"union":              {Union(nil, l("a", "b"), l("b", "c", "c")), l("a", "b", "c")},
		"union with nothing": {Union(nil, nil, l("b")), l("b")},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func TestReducersByName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		base, a, b, want any // want nil: an error
	}{
		{"sum", 10, 11, 12, 13}, {"sum", nil, 1, 2, 3}, {"sum", 1.5, 2.5, 3.5, 4.5}, {"sum", uint8(1), uint8(2), uint8(3), uint8(4)},
		{"sum", 1, 2.5, 2, 3.5}, {"sum", "text", 1, 2, 3}, {"sum", 0.5, 1, 2, 2.5}, {"sum", 1, "x", 2, nil}, {"sum", 1, nil, 2, nil},
		{"max", 0, 1, 2, 2}, {"min", 0, int8(1), int8(2), int8(1)},
		{"append", list{1}, list{1, 2}, list{1, 3}, list{1, 2, 3}}, {"append", nil, list{1}, list{1}, list{1, 1}},
		{"union", nil, list{1, object{}}, list{object{}, 2}, list{1, object{}, 2}},
		{"union", nil, []string{"a"}, []string{"a", "b"}, []string{"a", "b"}}, {"append", nil, list{1}, []int{1}, nil}, {"union", nil, 1, 2, nil},
	} {
		f, err := reducerNamed(c.name, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f(c.base, c.a, c.b)
		if (err == nil) != (c.want != nil) || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s of %v, %v, %v: %v %v, want %v", c.name, c.base, c.a, c.b, got, err, c.want)
		}
	}
}
