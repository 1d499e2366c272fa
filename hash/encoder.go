package hash

import (
	"fmt"
	"reflect"
	"sync"
	"time"
)

// Encoder writes canonical forms as Append does, byte for byte, but looks at each type once: what a type's values need is compiled
// to functions, and common values need no reflection at all. It is the optimisation "key", of which Append is the plain twin. The
// zero value is ready; it is safe for use by several goroutines and must not be copied.
type Encoder struct {
	plans sync.Map  // reflect.Type → appender
	idle  sync.Pool // of *quick
}

// appender writes a value of one type.
type appender func(q *quick, v reflect.Value) error

// quick writes one value by plans. Values that nest deep are left to the plain writer, which it holds: that one finds cycles.
type quick struct {
	writer
	of    *Encoder
	pairs []pair // of the maps that are open
}

// handover is the depth from which the plain writer takes over. It lies before watchFrom, so that cycles are found alike.
const handover = watchFrom - 16

// largest is how many bytes or pairs a writer may have grown to and still be kept for the next value.
const largest = 64 << 10

// Append appends the canonical form of v to b. On an error b is as it was.
func (e *Encoder) Append(b []byte, v any) ([]byte, error) {
	q := e.take()
	defer e.give(q)
	q.b = b
	if err := q.any(v); err != nil {
		return b, formless(v, err)
	}
	return q.b, nil
}

// formless is the error of a value without a form.
func formless(v any, err error) error {
	return fmt.Errorf("hash: a %T has no canonical form: %w", v, err)
}

func (e *Encoder) take() *quick {
	if q, ok := e.idle.Get().(*quick); ok {
		return q
	}
	return &quick{of: e}
}

// give keeps a writer for the next value. It holds on to nothing of the last one.
func (e *Encoder) give(q *quick) {
	clear(q.pairs)
	q.b, q.depth, q.pairs, q.open = nil, 0, q.pairs[:0], nil
	if cap(q.pairs) <= largest/64 {
		e.idle.Put(q)
	}
}

// any writes a value by its dynamic type. q.depth is how many values it stands in.
func (q *quick) any(v any) error {
	if q.depth >= handover {
		return q.writer.value(reflect.ValueOf(v))
	}
	switch v := v.(type) {
	case nil:
		q.tag(tagNil)
	case string:
		q.text(tagText, v)
	case bool:
		q.truth(v)
	case int:
		q.whole(int64(v))
	case int64:
		q.whole(v)
	case float64:
		return q.float(v)
	case time.Time:
		q.instant(v)
	case []byte:
		q.bytes(v)
	case []string:
		q.strings(v)
	case []any:
		return q.values(v)
	case map[string]any:
		return q.object(v)
	default:
		return q.of.plan(reflect.TypeOf(v))(q, reflect.ValueOf(v))
	}
	return nil
}

func (q *quick) bytes(b []byte) {
	if b == nil {
		q.tag(tagNil)
		return
	}
	q.tag(tagBytes)
	q.length(len(b))
	q.b = append(q.b, b...)
}

func (q *quick) strings(list []string) {
	if list == nil {
		q.tag(tagNil)
		return
	}
	q.tag(tagList)
	q.length(len(list))
	for _, s := range list {
		q.text(tagText, s)
	}
}

// values writes a list. Each value stands in the list and in an interface: two levels of depth.
func (q *quick) values(list []any) error {
	if list == nil {
		q.tag(tagNil)
		return nil
	}
	q.tag(tagList)
	q.length(len(list))
	q.depth += 2
	for _, v := range list {
		if err := q.any(v); err != nil {
			return err
		}
	}
	q.depth -= 2
	return nil
}
