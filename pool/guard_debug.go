//go:build weirdebug

package pool

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// guard watches the free objects of a pool. What it finds is a mistake in the program that uses the pool, so it panics.
type guard[T any] struct {
	mu   sync.Mutex
	free map[*T]*kept[T]
}

// kept is what a free object was before it was poisoned, and the bytes that it should have since.
type kept[T any] struct {
	clean  T
	poison []byte
}

// returned notes that v comes back.
func (g *guard[T]) returned(v *T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.free[v] != nil && unsafe.Sizeof(*v) > 0 { // all objects without a size may have one address
		panic(fmt.Sprintf("pool: a %T was put back twice", v))
	}
	if g.free == nil {
		g.free = make(map[*T]*kept[T])
	}
	g.free[v] = &kept[T]{}
}

// put poisons v, which has been reset.
func (g *guard[T]) put(v *T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k := g.free[v]
	k.clean = *v
	var zero T
	*v = zero
	poison(unsafe.Pointer(v), reflect.TypeFor[T]())
	spare(unsafe.Pointer(&k.clean), reflect.TypeFor[T](), fill)
	k.poison = bytes.Clone(memory(unsafe.Pointer(v), unsafe.Sizeof(*v)))
}

// got takes the poison out of v, which is about to be handed out.
func (g *guard[T]) got(v *T) {
	k := g.checked(v)
	*v = k.clean
}

// gone forgets v, which was dropped.
func (g *guard[T]) gone(v *T) { g.checked(v) }

// checked forgets v and gives what was kept of it; it panics if somebody wrote to v.
func (g *guard[T]) checked(v *T) *kept[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	k := g.free[v]
	delete(g.free, v)
	same := k.poison == nil || bytes.Equal(memory(unsafe.Pointer(v), unsafe.Sizeof(*v)), k.poison)
	if k.poison != nil {
		spare(unsafe.Pointer(&k.clean), reflect.TypeFor[T](), func(b []byte) { same = same && len(bytes.Trim(b, string(filling))) == 0 })
	}
	if !same {
		panic(fmt.Sprintf("pool: a %T was modified after it was put back", v))
	}
	return k
}

// filling is what poisoned memory is full of.
var filling = []byte{0xDB}

func fill(b []byte) {
	for i := range b {
		b[i] = filling[0]
	}
}

func memory(p unsafe.Pointer, n uintptr) []byte { return unsafe.Slice((*byte)(p), n) }

// poison fills what p points to, a zero value of t, with values that nobody means. What points elsewhere stays nil: whoever uses
// that panics by it.
func poison(p unsafe.Pointer, t reflect.Type) {
	switch k := t.Kind(); {
	case k == reflect.Struct:
		for f := range t.Fields() {
			poison(unsafe.Add(p, f.Offset), f.Type)
		}
	case k == reflect.Array:
		for i := range t.Len() {
			poison(unsafe.Add(p, uintptr(i)*t.Elem().Size()), t.Elem())
		}
	case k == reflect.String:
		*(*string)(p) = "weir: used after it was put back to its pool"
	case k >= reflect.Int && k <= reflect.Complex128:
		fill(memory(p, t.Size()))
	}
}

// spare gives f the memory that slices of what p points to, a t, hold beyond their length, where it holds no pointers.
func spare(p unsafe.Pointer, t reflect.Type, f func([]byte)) {
	switch t.Kind() {
	case reflect.Struct:
		for field := range t.Fields() {
			spare(unsafe.Add(p, field.Offset), field.Type, f)
		}
	case reflect.Array:
		for i := range t.Len() {
			spare(unsafe.Add(p, uintptr(i)*t.Elem().Size()), t.Elem(), f)
		}
	case reflect.Slice:
		s := (*struct {
			data     unsafe.Pointer
			len, cap int
		})(p)
		if size := t.Elem().Size(); s.cap > s.len && size > 0 && flat(t.Elem()) {
			f(memory(unsafe.Add(s.data, uintptr(s.len)*size), uintptr(s.cap-s.len)*size))
		}
	}
}

// flat says that values of t hold no pointers.
func flat(t reflect.Type) bool {
	switch k := t.Kind(); {
	case k == reflect.Struct:
		for f := range t.Fields() {
			if !flat(f.Type) {
				return false
			}
		}
		return true
	case k == reflect.Array:
		return flat(t.Elem())
	default:
		return k >= reflect.Bool && k <= reflect.Complex128
	}
}
