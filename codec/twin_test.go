package codec_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/codec"
)

type (
	Name  string
	Names []Name
	Ref   *int

	// every has a field for each way in which something is written.
	every struct {
		B      bool
		I      int
		I8     int8
		U8     uint8
		U      uint64
		F32    float32
		F      float64
		C      complex64
		S      Name
		T      time.Time
		D      time.Duration
		Bytes  []byte
		Word   [2]byte
		Levels [2]Level
		Names  Names
		Lists  [][]float32
		Ints   []int
		Lines  map[Name]Line
		Texts  map[string]string
		Any    map[string]any
		Odd    map[int]string
		Ref    Ref
		Deep   **string
		Nil    *[]string
		Thing  any
		Says   fmt.Stringer
		Node   *node
		In     derived
		Secret secret
		Hidden *secret
		Listed []secret
		Named  map[string]secret
		Pair   [1]secret
		Times  []time.Time
		Ptrs   []*every
		F0     func()
		odd    int
	}

	// wide has more fields than are marked in a word.
	wide struct {
		A00, A01, A02, A03, A04, A05, A06, A07, A08, A09, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21, A22 int
		B00, B01, B02, B03, B04, B05, B06, B07, B08, B09, B10, B11, B12, B13, B14, B15, B16, B17, B18, B19, B20, B21, B22 int
		C00, C01, C02, C03, C04, C05, C06, C07, C08, C09, C10, C11, C12, C13, C14, C15, C16, C17, C18, C19, C20, C21, C22 int
	}
)

// twins are the two ways, with the same types.
func twins() (quick, plain *codec.JSON) {
	all := append(types(), codec.Of[every](), codec.Of[wide](), codec.Of[moody](), codec.Of[keeper](), codec.Of[any]())
	return codec.New(all...), codec.Plain(all...)
}

// targets are the types that bytes are read as.
func targets() []reflect.Type {
	return []reflect.Type{
		nil, codec.Of[any](), codec.Of[error](), codec.Of[fmt.Stringer](), codec.Of[io.Reader](), codec.Of[every](), codec.Of[*every](), codec.Of[wide](), codec.Of[Order](),
		codec.Of[int](), codec.Of[int8](), codec.Of[uint](), codec.Of[uint8](), codec.Of[float32](), codec.Of[float64](), codec.Of[complex128](), codec.Of[bool](), codec.Of[string](), codec.Of[Name](),
		codec.Of[[]any](), codec.Of[[]string](), codec.Of[Names](), codec.Of[[][]int](), codec.Of[[]bool](), codec.Of[[]byte](), codec.Of[[2]int](), codec.Of[[2]byte](), codec.Of[[]struct{}](),
		codec.Of[map[string]any](), codec.Of[map[string]string](), codec.Of[map[Name]int](), codec.Of[map[int]any](), codec.Of[map[string]*Line](), codec.Of[map[any]any](),
		codec.Of[*int](), codec.Of[**int](), codec.Of[*[]string](), codec.Of[Ref](), codec.Of[time.Time](), codec.Of[secret](), codec.Of[[]secret](), codec.Of[derived](), codec.Of[stamped](),
		codec.Of[moody](), codec.Of[*node](), codec.Of[func()](), codec.Of[chan int](), codec.Of[uintptr](), codec.Of[[0]int](), codec.Of[struct{ A [2]int }](),
	}
}

// alikeWritten fails where the two ways write a value otherwise. It gives what they wrote.
func alikeWritten(t *testing.T, quick, plain codec.Codec, v any) []byte {
	t.Helper()
	a, aerr := quick.Encode(v)
	b, berr := plain.Encode(v)
	for range 100 { // which entry of a map is refused first is left to chance
		if aerr == nil || berr == nil || aerr.Error() == berr.Error() {
			break
		}
		b, berr = plain.Encode(v)
	}
	if string(a) != string(b) || fmt.Sprint(aerr) != fmt.Sprint(berr) {
		t.Fatalf("%#v becomes\n%s %v\nand plainly\n%s %v", v, a, aerr, b, berr)
	}
	return a
}

// alikeRead fails where the two ways read bytes otherwise.
func alikeRead(t *testing.T, quick, plain codec.Codec, data []byte, as reflect.Type) {
	t.Helper()
	a, aerr := quick.Decode(data, as)
	b, berr := plain.Decode(data, as)
	switch {
	case aerr != nil && berr != nil && strings.Contains(aerr.Error()+berr.Error(), "too many types"):
		return // what was read before decides
	case fmt.Sprint(aerr) != fmt.Sprint(berr):
		t.Fatalf("%q as %v: %v\nand plainly %v", data, as, aerr, berr)
	case reflect.TypeOf(a) != reflect.TypeOf(b):
		t.Fatalf("%q as %v: a %T\nand plainly a %T", data, as, a, b)
	case reflect.DeepEqual(a, b):
		return
	}
	// What is not equal to itself (NaN) is looked at by what is written for it.
	x, xerr := plain.Encode(a)
	y, yerr := plain.Encode(b)
	if string(x) != string(y) || fmt.Sprint(xerr) != fmt.Sprint(yerr) || xerr != nil {
		t.Fatalf("%q as %v: %#v\nand plainly %#v", data, as, a, b)
	}
}

func TestBothWaysWriteAndReadTheSame(t *testing.T) {
	t.Parallel()
	for _, v := range append(values(), aWhole(), []any{aWhole(), &every{}}, wide{A00: 1, C22: 2}, map[Name]Line{"b": {}, "a": {}, "\xff": {}}, map[string]string{"\xff": "", "a": "\xff"}) {
		quick, plain := twins()
		data := alikeWritten(t, quick, plain, v)
		alikeWritten(t, quick, plain, []any{v, map[string]any{"k": v}, &v})
		for _, as := range append(targets(), reflect.TypeOf(v)) {
			alikeRead(t, quick, plain, data, as)
		}
		for i := 0; i < len(data); i += 1 + len(data)/100 { // cut off, and with a byte changed
			alikeRead(t, quick, plain, data[:i], nil)
			for _, c := range []byte("\x00\"\\{],0.\xff") {
				broken := append([]byte(nil), data...)
				broken[i] = c
				alikeRead(t, quick, plain, broken, reflect.TypeOf(v))
			}
		}
	}
}

func aWhole() every {
	n, s := 5, "x"
	p, ref := &s, Ref(&n)
	return every{
		B: true, I: -1, I8: -8, U8: 8, U: math.MaxUint64, F32: 0.1, F: 1e300, C: complex(1, -0.5), S: "n\n", T: time.Unix(5, 7).UTC(), D: time.Second, Bytes: []byte("ab"), Word: [2]byte{1, 2},
		Levels: [2]Level{1, 2}, Names: Names{"a", "\xff"}, Lists: [][]float32{{1}, nil, {}}, Ints: []int{1, 2, 3, 4, 5}, Lines: map[Name]Line{"k": {Item: "i"}}, Texts: map[string]string{"a": "b"},
		Any: map[string]any{"$": 1}, Odd: map[int]string{1: "a"}, Ref: ref, Deep: &p, Nil: new([]string), Thing: Level(1), Says: time.Minute, Node: &node{"a", &node{Name: "b"}},
		In: derived{base{"k"}, 1}, Secret: secret{"s"}, Hidden: &secret{"h"}, Listed: []secret{{"a"}, {"b"}}, Named: map[string]secret{"a": {"s"}}, Pair: [1]secret{{"p"}},
		Times: []time.Time{{}}, Ptrs: []*every{nil, {}},
	}
}

func TestBothWaysRefuseTheSame(t *testing.T) {
	t.Parallel()
	quick, plain := twins()
	ring := &node{Name: "a"}
	ring.Next = ring
	deep := any(nil)
	for range 2000 {
		deep = []any{deep}
	}
	for _, v := range []any{
		make(chan int), func() {}, uintptr(5), ring, deep, every{F0: func() {}}, every{odd: 1}, stamped{by: "ada"}, moody{1}, []any{1, make(chan int)}, Pair[int, int]{},
		map[string]any{"a": 1, "b": []any{uintptr(1)}}, map[*int]int{new(int): 1}, []any{every{Thing: Pair[int, int]{}}}, []every{{}, {Thing: func() {}}},
	} {
		alikeWritten(t, quick, plain, v)
	}
	for _, s := range []string{
		`1 2`, `[1,]`, `{"a":1,}`, `{,}`, `[`, `{"a"}`, `{"a":}`, `01`, `-`, `1.`, `1e`, `+1`, `.5`, `1e400`, `-0`, `-0.0`, `tru`, `nulll`, "\"\x01\"", `"\x"`, `"\u12"`, `"\ud800\u0041\ud83d\ude00"`,
		`{"$":"int","v":5} `, `{"\u0024":"int","v":5}`, `{"$":"int","\u0076":5}`, `{"$":"\u0069nt","v":5}`, `{"$":"int","v":5,"w":1}`, `{"$":"int"}`, `{"$":"any","v":1}`, `{"a":1,"a":2}`, `{"$":1,"$":2}`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000), strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
		`{"text":` + strings.Repeat("[", 1200) + strings.Repeat("]", 1200) + `}`, `{"$":"[]struct {}","v":[{},{}]}`,
		`{"I":1,"I":2}`, `{"\u0049":1}`, `{"Odd":[[1,"a"],[1,"b"]]}`, `{"Odd":{"1":"a"}}`, `{"Lines":{"a":{},"a":{}}}`, `{"Texts":{"a":"b","a":"c"}}`, `{"Texts":{"a":["/w=="]}}`, `{"Word":"AQ=="}`, `{"Ref":null,"Deep":[null]}`, `{"Deep":[["a"]]}`, `{"Says":5}`,
		`{"Nil":[["a"],1]}`, `{"Bytes":"A\u0051=="}`, `{"Bytes":"AQ"}`, `{"T":"2026-01-01T00:00:00Z"}`, `{"T":"\u0032026-01-01T00:00:00Z"}`, `{"Levels":[1]}`, `{"Levels":[1,2,3]}`, `{"I8":300}`, `{"U":-0}`, `{"F":"NaN"}`, `{"F":"nan"}`,
	} {
		for _, as := range targets() {
			alikeRead(t, quick, plain, []byte(s), as)
		}
	}
}

// FuzzTwinDecode reads arbitrary bytes both ways, as several types.
func FuzzTwinDecode(f *testing.F) {
	quick, plain := twins()
	for i, v := range append(values(), aWhole()) {
		data, err := plain.Encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint8(i))
	}
	all, runs := targets(), 0
	f.Fuzz(func(t *testing.T, data []byte, as uint8) {
		if runs++; runs%256 == 0 { // so that both are met that know nothing yet
			quick, plain = twins()
		}
		alikeRead(t, quick, plain, data, nil)
		alikeRead(t, quick, plain, data, all[int(as)%len(all)])
		if v, err := plain.Decode(data, all[int(as)%len(all)]); err == nil {
			alikeWritten(t, quick, plain, v)
		}
	})
}

// FuzzTwinEncode writes values that are made of bytes both ways, and reads what was written.
func FuzzTwinEncode(f *testing.F) {
	f.Add([]byte("\x05\x03abc\x06\x02\x01\x02\x03\x07\x04\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"))
	for i := range 24 {
		f.Add([]byte{byte(i), 4, 'a', '"', '\n', 0xff, byte(i + 1), 3, 1, 2, 3, byte(i + 2), 9, 8, 7, 6, 5, 4, 3, 2, 1})
	}
	quick, plain := twins()
	f.Fuzz(func(t *testing.T, b []byte) {
		m := maker{b: b, left: 200}
		v := m.value(0)
		data := alikeWritten(t, quick, plain, v)
		if data == nil {
			return
		}
		alikeRead(t, quick, plain, data, nil)
		alikeRead(t, quick, plain, data, reflect.TypeOf(v))
	})
}

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
	n := min(int(m.byte())%32, len(m.b))
	s := string(m.b[:n])
	m.b = m.b[n:]
	return s
}

func (m *maker) number() int64 {
	var b [8]byte
	m.b = m.b[copy(b[:1+int(m.byte())%8], m.b):]
	return int64(binary.LittleEndian.Uint64(b[:]))
}

func (m *maker) time() time.Time {
	return time.Unix(m.number()>>20, m.number()%1e9).In(time.FixedZone("", int(int16(m.number()))*int(1+m.byte()%60)))
}

// list makes a few of something.
func list[T any](m *maker, depth int, one func(int) T) []T {
	n := int(m.byte()) % 8
	if n == 7 {
		return nil
	}
	all := make([]T, 0, n)
	for range n {
		all = append(all, one(depth+1))
	}
	return all
}

// keyed makes a map to some of something.
func keyed[T any](m *maker, depth int, one func(int) T) map[string]T {
	n := int(m.byte()) % 8
	if n == 7 {
		return nil
	}
	all := map[string]T{}
	for range n {
		all[m.text()] = one(depth + 1)
	}
	return all
}

func (m *maker) value(depth int) any {
	if m.left--; m.left < 0 || depth > 8 {
		return nil
	}
	switch m.byte() % 24 {
	case 1:
		return m.byte()&1 == 0
	case 2:
		return m.number()
	case 3:
		return int(m.number())
	case 4:
		return math.Float64frombits(uint64(m.number()))
	case 5:
		return m.text()
	case 6:
		return list(m, depth, m.value)
	case 7:
		return keyed(m, depth, m.value)
	case 8:
		return list(m, depth, func(int) string { return m.text() })
	case 9:
		return keyed(m, depth, func(int) string { return m.text() })
	case 10:
		return keyed(m, depth, func(int) Level { return Level(m.byte()) })
	case 11:
		return m.every(depth)
	case 12:
		v := m.every(depth)
		return &v
	case 13:
		return m.time()
	case 14:
		return []byte(m.text())
	case 15:
		return map[any]any{m.text(): m.number(), m.number(): m.text()}
	case 16:
		v := m.value(depth + 1)
		return &v
	case 17:
		return list(m, depth, func(int) map[string]any { return keyed(m, depth, m.value) })
	case 18:
		return map[Name][]Level{Name(m.text()): {Level(m.byte())}}
	case 19:
		return list(m, depth, func(int) float32 { return math.Float32frombits(uint32(m.number())) })
	case 20:
		return secret{m.text()}
	case 21:
		return stamped{Time: m.time(), by: m.text()}
	case 22:
		v := any(m.number()) // as deep as where the plain way takes over
		for range m.byte() {
			v = []any{v}
		}
		return v
	case 23:
		return make(chan int)
	}
	return nil
}

func (m *maker) every(depth int) every {
	v := every{
		I: int(m.number()), U8: m.byte(), F: float64(m.number()) / 8, F32: float32(m.byte()), S: Name(m.text()), T: m.time(), Thing: m.value(depth + 1),
		Names: list(m, depth, func(int) Name { return Name(m.text()) }), Any: keyed(m, depth, m.value), Texts: keyed(m, depth, func(int) string { return m.text() }),
		Listed: []secret{{m.text()}}, Lists: [][]float32{{1, float32(m.byte())}}, Bytes: []byte(m.text()),
	}
	if depth < 3 && m.byte()&1 == 0 {
		inner := m.every(depth + 1)
		v.Ptrs = []*every{&inner, nil}
	}
	return v
}
