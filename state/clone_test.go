package state

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/big"
	"net/netip"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type part struct {
	Name string
	tags []string
	next *part
	any  any
}

type guarded struct {
	//lint:ignore U1000 what a lock does to a clone is the point
	mu    sync.Mutex
	items []int
}

type counted struct {
	//lint:ignore U1000 as above, of an atomic
	hits atomic.Int64
}

func TestCloneSharesNoMemory(t *testing.T) {
	t.Parallel()
	var f facts
	in := object{
		"struct": part{"a", []string{"x"}, &part{Name: "b"}, list{1}},
		"ptr":    &part{tags: []string{"y"}, any: map[string][]int{"k": {1}}},
		"array":  [2][]int{{1}, {2}},
		"bytes":  []byte("abc"),
		"nested": map[int]map[string]any{1: {"a": list{object{}}}},
		"nils":   list{nil, (*part)(nil), []int(nil), map[string]int(nil), error(nil)},
		"empty":  []int{},
		"big":    big.NewInt(1 << 60),
		"named":  time.Duration(3),
	}
	out := clone(&f, in).(object)
	if !reflect.DeepEqual(in, out) {
		t.Fatalf("got %v", out)
	}
	out["struct"].(part).tags[0] = "z"
	out["struct"].(part).next.Name = "z"
	out["struct"].(part).any.(list)[0] = 2
	out["ptr"].(*part).tags[0] = "z"
	out["ptr"].(*part).any.(map[string][]int)["k"][0] = 2
	out["array"].([2][]int)[0][0] = 9
	out["bytes"].([]byte)[0] = 'z'
	out["nested"].(map[int]map[string]any)[1]["a"].(list)[0].(object)["new"] = 1
	out["big"].(*big.Int).SetInt64(1)
	delete(out, "empty")
	want := object{
		"struct": part{"a", []string{"x"}, &part{Name: "b"}, list{1}},
		"ptr":    &part{tags: []string{"y"}, any: map[string][]int{"k": {1}}},
		"array":  [2][]int{{1}, {2}},
		"bytes":  []byte("abc"),
		"nested": map[int]map[string]any{1: {"a": list{object{}}}},
		"nils":   list{nil, (*part)(nil), []int(nil), map[string]int(nil), error(nil)},
		"empty":  []int{},
		"big":    big.NewInt(1 << 60),
		"named":  time.Duration(3),
	}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("the original changed: %v", in)
	}
}

func TestCloneKeepsSharingAndCycles(t *testing.T) {
	t.Parallel()
	var f facts
	shared := &part{Name: "shared"}
	ring := &part{Name: "ring", any: list{shared, shared}}
	ring.next = ring
	loop := list{nil, ring}
	loop[0] = loop
	self := object{}
	self["self"] = self

	out := clone(&f, ring).(*part)
	if out == ring || out.next != out {
		t.Error("the ring is not closed in itself")
	}
	if both := out.any.(list); both[0] != both[1] || both[0] == any(shared) {
		t.Error("what was shared is not, or with the original")
	}
	if got := clone(&f, loop).(list); &got[0].(list)[0] != &got[0] || got[1] == any(ring) {
		t.Error("the list does not hold itself")
	}
	if got := clone(&f, self).(object); reflect.ValueOf(got["self"]).Pointer() != reflect.ValueOf(got).Pointer() {
		t.Error("the map does not hold itself")
	}
	if !equal(&f, ring, out) || !equal(&f, self, clone(&f, self)) || !equal(&f, loop, clone(&f, loop)) {
		t.Error("a copy is not equal to what it was made of")
	}
}

func TestWhatMustNotBeCopiedIsKeptByReference(t *testing.T) {
	t.Parallel()
	var f facts
	ch := make(chan int)
	fn := func() {}
	for _, v := range []any{
		&guarded{items: []int{1}}, &counted{}, ch, os.Stdout, io.EOF, errors.New("x"), &sync.Once{},
		new(sync.Mutex), time.Now().Location(), reflect.TypeFor[int](), lockish(t),
	} {
		if got := clone(&f, v); got != v {
			t.Errorf("%T was copied", v)
		}
		if !f.flat(reflect.TypeOf(v)) && reflect.TypeOf(v).Kind() == reflect.Pointer {
			t.Errorf("%T is taken for copyable", v)
		}
	}
	holder := struct {
		G  *guarded
		Fn func()
		Ch chan int
		L  []int
	}{&guarded{}, fn, ch, []int{1}}
	got := clone(&f, &holder).(*struct {
		G  *guarded
		Fn func()
		Ch chan int
		L  []int
	})
	if got == &holder || got.G != holder.G || got.Ch != ch || got.Fn == nil || &got.L[0] == &holder.L[0] {
		t.Errorf("got %+v", got)
	}
}

// lockish returns a value with a lock behind a method.
func lockish(t *testing.T) any {
	t.Helper()
	return &struct{ sync.Locker }{new(sync.Mutex)}
}

func TestFlatTypesNeedNoCopy(t *testing.T) {
	t.Parallel()
	var f facts
	for _, v := range []any{1, "a", 1.5, time.Now(), netip.Addr{}, [2]int{}, [0][]int{}, struct{ E error }{}} {
		if !f.flat(reflect.TypeOf(v)) {
			t.Errorf("%T: not flat", v)
		}
	}
	for _, v := range []any{[2]any{}, part{}, struct{ A any }{}, new(int), []int{}, object{}} {
		if f.flat(reflect.TypeOf(v)) {
			t.Errorf("%T: flat", v)
		}
	}
}

func TestEqualTellsChangesFromCopies(t *testing.T) {
	t.Parallel()
	var f facts
	closures := make([]func() int, 2)
	for i := range closures {
		closures[i] = func() int { return i }
	}
	values := []any{
		nil, 0, 1, int64(1), "", "a", true, 1.5, float32(1.5), math.NaN(), complex(1, 2), complex(math.NaN(), 0), uint8(1),
		[]int(nil), []int{}, []int{1}, []int{1, 2}, list{1}, []byte("a"), []byte("b"), [1]int{1}, [1]int{2},
		object(nil), object{}, object{"a": 1}, object{"b": 1}, object{"a": nil}, map[string]int{"a": 1},
		closures[0], closures[1], (func() int)(nil), struct{ f func() int }{closures[0]}, struct{ f func() int }{closures[1]},
		&part{}, &part{Name: "a"}, &part{tags: []string{"a"}}, part{any: 1}, part{any: "1"}, part{next: &part{}}, (*part)(nil),
		errors.New("x"), errors.New("x"), &guarded{}, &guarded{}, time.Unix(1, 0), time.Unix(2, 0), new(1), new(2),
		struct {
			_ int
			N int
		}{N: 1},
	}
	for i, a := range values {
		for j, b := range values {
			if got := equal(&f, a, clone(&f, b)); got != (i == j) {
				t.Errorf("%T(%v) and a copy of %T(%v): equal %t", a, a, b, b, got)
			}
		}
	}
}

func TestEqualFollowsRings(t *testing.T) {
	t.Parallel()
	var f facts
	ring := func(names ...string) *part {
		first := &part{Name: names[0]}
		last := first
		for _, name := range names[1:] {
			last.next = &part{Name: name}
			last = last.next
		}
		last.next = first
		return first
	}
	if !equal(&f, ring("a", "b"), ring("a", "b")) || equal(&f, ring("a", "b"), ring("a", "c")) {
		t.Error("rings are compared wrongly")
	}
	if !bytes.Equal(clone(&f, []byte("x")).([]byte), []byte("x")) {
		t.Error("bytes")
	}
}
