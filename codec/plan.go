package codec

import (
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
)

// plan is what writes and reads the values of one type. It is made once, and kept by the JSON.
type plan struct {
	typ   reflect.Type
	write writer
	read  reader
	// own says that a value holds, in its own memory, one that reads itself by its own method. Such a method may keep the
	// place that it reads into, which must not become that of another value then.
	own  bool
	head atomic.Pointer[[]byte] // what begins a value that is written with its type
	idle sync.Pool              // of pointers to values of the type, all zero
}

// A writer writes a value, a reader reads one into a zero value that can be set. Where something is wrong, or too rare to be
// dealt with, they give false: then the whole value is written or read the plain way, which knows what to say of it.
type (
	writer func(e *quickEncoder, v reflect.Value) bool
	reader func(d *quickDecoder, v reflect.Value) bool
)

// quick is what a JSON keeps for its quick way.
type quick struct {
	plans    sync.Map // reflect.Type → *plan
	making   sync.Mutex
	named    atomic.Pointer[map[string]*plan] // by the names of types that were read
	encoders sync.Pool                        // of *quickEncoder
	decoders sync.Pool                        // of *quickDecoder
}

const (
	// maxNamed is how many types are found by their name without a lock or an allocation. A new one copies the list of them.
	maxNamed = 256
	// maxKept is how many bytes of buffer, or how many items of a stack, are kept for the next value.
	maxKept = 64 << 10
	// handover is the depth from which the plain way goes on. It lies before watchFrom, so that cycles are found alike.
	handover = watchFrom - 16
)

// plan gives the plan of a type.
func (c *JSON) plan(t reflect.Type) *plan {
	if p, ok := c.quick.plans.Load(t); ok {
		return p.(*plan)
	}
	c.quick.making.Lock()
	defer c.quick.making.Unlock()
	m := making{c, map[reflect.Type]*plan{}}
	p := m.plan(t)
	for t, p := range m.plans { // now that all are whole
		c.quick.plans.Store(t, p)
	}
	return p
}

// making makes the plans of a type and of those that stand in it. Plans that need each other find each other here.
type making struct {
	c     *JSON
	plans map[reflect.Type]*plan
}

func (m making) plan(t reflect.Type) *plan {
	if p, ok := m.c.quick.plans.Load(t); ok {
		return p.(*plan)
	}
	if p, ok := m.plans[t]; ok {
		return p
	}
	p := &plan{typ: t, own: m.c.own(t)}
	m.plans[t] = p
	p.write, p.read = m.writer(t), m.reader(t)
	return p
}

// own says that a value of type t holds one that reads itself.
func (c *JSON) own(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return c.own(t.Elem())
	case reflect.Struct:
		s := c.shapeOf(t)
		if s.by != byFields {
			return s.by != byTime
		}
		for f := range t.Fields() {
			if c.own(f.Type) {
				return true
			}
		}
	}
	return false
}

// begin gives what begins a value of the plan's type that is written with its type; nil for a type that has no name.
func (p *plan) begin(c *JSON) []byte {
	if head := p.head.Load(); head != nil {
		return *head
	}
	name, err := c.tag(p.typ)
	if err != nil {
		return nil
	}
	head := append(appendText([]byte(`{"`+tagKey+`":`), name), `,"`+valueKey+`":`...)
	p.head.Store(&head)
	return head
}

// planNamed gives the plan of a type that was read or written before, or that has a name of its own; nil for others, which the
// plain way reads and counts.
func (c *JSON) planNamed(name []byte) *plan {
	known := c.quick.named.Load()
	if known != nil {
		if p := (*known)[string(name)]; p != nil {
			return p
		}
	}
	var t reflect.Type
	if read, ok := c.types.Load(string(name)); ok {
		t = read.(reflect.Type)
	} else if t = basic(string(name)); t == nil {
		t = c.names()[string(name)]
	}
	if t == nil || t.Kind() == reflect.Interface {
		return nil
	}
	p := c.plan(t)
	if known == nil || len(*known) < maxNamed {
		c.remember(string(name), p)
	}
	return p
}

// remember keeps a plan under the name of its type, while there are few.
func (c *JSON) remember(name string, p *plan) {
	c.quick.making.Lock()
	defer c.quick.making.Unlock()
	more := map[string]*plan{name: p}
	if known := c.quick.named.Load(); known != nil {
		if len(*known) >= maxNamed {
			return
		}
		maps.Copy(more, *known)
	}
	c.quick.named.Store(&more)
}
