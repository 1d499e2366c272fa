package expr

import (
	"errors"
	"math"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// errTooMany says that an expression built too large a value.
var errTooMany = errors.New("the value has too many elements")

// native turns a value of CEL into Go: null to nil, bool, int (int64 where int is 32 bits wide), float64, string, []byte,
// time.Time, time.Duration, []any and map[string]any. A value that came from Go comes back as it was. At most BuildLimit
// elements are made.
func native(v ref.Val) (any, error) {
	c := converter{left: BuildLimit}
	return c.native(v, 0)
}

// converter counts the elements that it makes: an expression can build a small value that is huge when written out.
type converter struct{ left int }

func (c *converter) native(v ref.Val, depth int) (any, error) {
	if c.left--; c.left < 0 || depth > depthLimit {
		return nil, errTooMany
	}
	switch x := v.(type) {
	case types.Null:
		return nil, nil
	case types.Bool:
		return bool(x), nil
	case types.Int:
		return whole(int64(x)), nil
	case types.Uint:
		if x <= math.MaxInt64 {
			return whole(int64(x)), nil
		}
		return uint64(x), nil
	case types.Double:
		return float64(x), nil
	case types.String:
		return string(x), nil
	case types.Bytes:
		return []byte(x), nil
	case types.Timestamp:
		return time.Time(x.Time), nil
	case types.Duration:
		return time.Duration(x.Duration), nil
	case *types.Err:
		return nil, x
	case *list:
		return x.Value(), nil
	case *dict:
		return x.native, nil
	case *types.Optional:
		if !x.HasValue() {
			return nil, nil
		}
		return c.native(x.GetValue(), depth+1)
	case traits.Mapper:
		return c.entries(x, depth)
	case traits.Lister:
		return c.items(x, depth)
	case ref.Type:
		return x.TypeName(), nil
	}
	return nil, errors.New("an expression cannot give a value of type " + v.Type().TypeName())
}

// whole gives an int where it fits.
func whole(n int64) any {
	if int64(int(n)) == n {
		return int(n)
	}
	return n
}

func (c *converter) items(l traits.Lister, depth int) (any, error) {
	size, _ := l.Size().(types.Int)
	if int(size) > c.left {
		return nil, errTooMany
	}
	items := make([]any, 0, size)
	for it := l.Iterator(); it.HasNext() == types.True; {
		item, err := c.native(it.Next(), depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (c *converter) entries(m traits.Mapper, depth int) (any, error) {
	size, _ := m.Size().(types.Int)
	if int(size) > c.left {
		return nil, errTooMany
	}
	entries := make(map[string]any, size)
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name, err := keyName(key)
		if err != nil {
			return nil, err
		}
		entry, _ := m.Find(key)
		if entries[name], err = c.native(entry, depth+1); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// keyName gives a map's key as text: the maps of a pipeline have text for keys.
func keyName(key ref.Val) (string, error) {
	v, err := (&converter{left: 1}).native(key, 0)
	if err != nil {
		return "", err
	}
	text, err := appendText(nil, v)
	return string(text), err
}
