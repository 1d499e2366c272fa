package hash_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/hash"
)

type (
	label  string
	shape  interface{ Error() string }
	inner  struct{ at time.Time }
	record struct {
		ID   int64
		Name label
		Note *string
		Tags []string
		Any  any
		any  any
		Map  map[string]any
		m    map[string]any
		In   inner
		list []inner
		//lint:ignore U1000 what hashes reads it by reflection
		pair  [2]inner
		Temps map[label]celsius
		Next  *record
		Err   error
		Shape shape
		Raw   []byte
		raw   [4]byte
		On    bool
		small uint8
		Big   uint64
		Real  float32
		At    time.Time
		//lint:ignore U1000 what hashes reads it by reflection
		inner
		Times map[int]time.Time
	}
)

// maker makes a value of bytes, so that a fuzzer can search among values.
type maker struct {
	b    []byte
	left int // values that may still be made
}

func (m *maker) byte() byte {
	if len(m.b) == 0 {
		return 0
	}
	c := m.b[0]
	m.b = m.b[1:]
	return c
}

func (m *maker) text() string {
	n := min(int(m.byte()), len(m.b))
	s := string(m.b[:n])
	m.b = m.b[n:]
	if m.left%7 == 0 {
		s = strings.Repeat(s, 20)
	}
	return s
}

func (m *maker) number() uint64 {
	var b [8]byte
	m.b = m.b[copy(b[:min(8, 1+int(m.byte())%8)], m.b):]
	return binary.LittleEndian.Uint64(b[:])
}

func (m *maker) object() map[string]any {
	o := map[string]any{}
	for range m.byte() % 8 {
		o[m.text()] = m.value()
	}
	return o
}

func (m *maker) record() record {
	name := m.text()
	r := record{
		ID: int64(m.number()), Name: label(name), Note: &name, Tags: strings.Split(name, "a"), Any: m.value(), any: m.value(), Map: m.object(), m: m.object(),
		In: inner{time.Unix(int64(m.byte()), 0).UTC()}, list: []inner{{time.Unix(1, 2)}}, Temps: map[label]celsius{label(name): celsius(m.byte()), "b": 1},
		Raw: []byte(name), raw: [4]byte{m.byte()}, On: m.byte() > 9, small: m.byte(), Big: m.number(), Real: float32(m.byte()) / 3,
		At: time.Unix(int64(m.byte()), 5), Err: errors.New(name), Times: map[int]time.Time{1: time.Unix(3, 0)},
	}
	if m.byte() > 200 {
		r.Next = &r
	} else if m.byte() > 100 {
		r.Next, r.Shape, r.Err = &record{ID: 1}, errors.New("x"), nil
	}
	return r
}

func (m *maker) value() any {
	if m.left--; m.left < 0 {
		return nil
	}
	switch m.byte() % 32 {
	case 0:
		return m.text()
	case 1:
		return int(m.number())
	case 2:
		return math.Float64frombits(m.number())
	case 3:
		return float64(m.byte())
	case 4:
		return m.byte() > 100
	case 5:
		return m.object()
	case 6:
		return []any{m.value(), m.value()}
	case 7:
		return []string{m.text(), m.text()}
	case 8:
		return m.record()
	case 9:
		return new(m.record())
	case 10:
		return time.Unix(int64(m.number()>>20), 0).In(time.FixedZone(m.text(), int(m.byte())))
	case 11:
		return []byte(m.text())
	case 12:
		return map[any]any{m.text(): m.value(), int(m.byte()): 1, float64(m.byte()): m.value()}
	case 13:
		return map[label]int{label(m.text()): 1, label(m.text()): 2}
	case 14:
		return celsius(m.number())
	case 15:
		return uint64(m.number())
	case 16:
		return []record{m.record(), m.record()}
	case 17:
		v := m.value()
		for range m.byte() {
			v = []any{v}
		}
		return v
	case 18:
		v := m.value()
		for range int(m.byte()) * 4 {
			v = map[string]any{"deep": v}
		}
		return v
	case 19:
		return func() {}
	case 20:
		return complex(float64(m.byte()), float64(m.byte()))
	case 21:
		list := []any{nil, m.value()}
		list[0] = list
		return list
	case 22:
		return [3]any{m.value(), m.value(), error(nil)}
	case 23:
		return struct{ s shape }{errors.New(m.text())}
	case 24:
		return []label{label(m.text()), ""}
	case 25:
		return (*record)(nil)
	case 26:
		return [2]inner{{time.Unix(int64(m.byte()), 0)}}
	case 27:
		return struct{ v any }{m.record()}
	case 28:
		return [][]byte{[]byte(m.text()), nil}
	case 29:
		return map[string]string{m.text(): m.text(), m.text(): "b"}
	}
	return nil
}

// alike fails where the encoder gives other bytes, or another error, than Append.
func alike(t *testing.T, e *hash.Encoder, v any) {
	t.Helper()
	want, wanted := hash.Append([]byte("kept"), v)
	got, err := e.Append([]byte("kept"), v)
	if fmt.Sprint(err) != fmt.Sprint(wanted) || string(got) != string(want) {
		t.Fatalf("%T: %q, %v; want %q, %v", v, got, err, want, wanted)
	}
}

func FuzzEncoder(f *testing.F) {
	var e hash.Encoder
	for i := range byte(32) {
		f.Add(append([]byte{i, 5, 0, 3, 'a', 'b', 'c', 5, 3, 2, 'x', 'y', 8, i}, strings.Repeat(string(rune(i)+'0')+"\x08q", 60)...))
		f.Add(slices.Repeat([]byte{i, 255, i + 7}, 40))
	}
	f.Fuzz(func(t *testing.T, b []byte) { alike(t, &e, (&maker{b: b, left: 60}).value()) })
}

func TestPlansGiveTheBytesOfThePlainWriter(t *testing.T) {
	t.Parallel()
	var e hash.Encoder
	long := map[string]any{}
	for _, n := range []int{0, 1, 127, 128, 129, 255, 256, 300, 16383, 16384, 16385, 1 << 15} {
		long[strings.Repeat("k", n)], long[strings.Repeat("l", n)] = n, "v"
	}
	ring := &link{}
	ring.next = ring
	for _, v := range []any{
		long, ring, link{ring}, nil, 1, int8(1), "", 0.5, math.NaN(), math.Copysign(0, -1), uint64(1 << 63), []any(nil), map[string]any(nil), []byte(nil), []string(nil),
		time.Now(), order{}, &order{lines: []string{"a"}, due: time.Now()}, order{due: time.Now()}, struct{ T *time.Time }{new(time.Now())}, make(chan int), uintptr(1),
		struct{ m map[int]time.Time }{map[int]time.Time{1: {}}}, struct{ a any }{inner{}}, []error{nil, errors.New("x")}, [2]byte{1, 2}, new([2]byte{1, 2}),
		struct{ inner }{}, struct{ F func() }{}, [0]int{}, struct{}{}, []any{map[string]any{"b": long, "a": []any{long}}}, complex64(1),
	} {
		alike(t, &e, v)
		alike(t, &e, v) // by the plan that is there
	}
	for depth := range 1010 {
		if depth > 70 && depth%100 < 95 && depth%333 > 5 && depth < 995 && (depth < 495 || depth > 505) {
			continue
		}
		for _, wrap := range []func(any) any{
			func(v any) any { return []any{v} }, func(v any) any { return map[string]any{"a": v} }, func(v any) any { return &v },
			func(v any) any { return struct{ A any }{v} }, func(v any) any { return [1]any{v} },
		} {
			v := any(1)
			for range depth {
				v = wrap(v)
			}
			alike(t, &e, v)
		}
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

// verbatim is a Hasher that hides nothing.
type verbatim struct{}

func (verbatim) Digest(data []byte) string { return string(data) }

func TestB133_KeysAreThoseOfThePlainTwinAlsoWhenRemembered(t *testing.T) {
	t.Parallel()
	keys := &hash.Keys{}
	for _, h := range []hash.Hasher{nil, hash.SHA256{}, verbatim{}} {
		plain, err := hash.Plain(h, "step:", "head", 1)
		quick, err2 := keys.At(h, "step:", "head", 1)
		other, err3 := keys.At(h, "other:", "head", 2)
		long := strings.Repeat("long", 100)
		far, err4 := hash.Plain(h, long, "head", 1)
		quickFar, err5 := keys.At(h, long, "head", 1)
		if err := errors.Join(err, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		if got, _ := quickFar(1); got != must(far(1)) {
			t.Errorf("behind a long prefix: %q", got)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for i := range 6000 {
					v := any(i % 1500)
					if i%3 == 0 {
						v = strings.Repeat("long", i%1500)
					}
					if i%100 == 0 {
						v = math.NaN()
					}
					want, wanted := plain(v)
					got, err := quick(v)
					foreign, _ := other(v)
					if got != want || fmt.Sprint(err) != fmt.Sprint(wanted) || got == foreign && err == nil {
						t.Errorf("%v: %q, %v; want %q, %v (elsewhere %q)", v, got, err, want, wanted, foreign)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	if _, err := keys.At(nil, "", func() {}); err == nil {
		t.Error("a head without a form is no mistake")
	}
	if _, err := hash.Plain(nil, "", func() {}); err == nil {
		t.Error("a head without a form is no mistake of the plain twin")
	}
}

func TestAllocOfARememberedKeyIsNothing(t *testing.T) {
	key, err := new(hash.Keys).At(nil, "step:", "head")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{"text", strings.Repeat("x", 1024), map[string]any{"a": 1, "b": []any{1.5, "c"}}, struct {
		A string
		B []int
	}{"a", []int{1}}, &order{}} {
		if _, err := key(v); err != nil { // AllocsPerRun calls it a second time before it counts
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(200, func() { _, _ = key(v) }); n != 0 {
			t.Errorf("%T: %v allocations", v, n)
		}
	}
}
