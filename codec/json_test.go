package codec_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/codec"
)

type Line struct {
	Item  string
	Price float64
	Note  *string
}

type Order struct {
	ID    int `json:"-"` // tags do not matter
	Lines []Line
	By    map[string]*Line
	Extra any
	Due   time.Time
	_     sync.Mutex
}

type Level int8

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

type base struct{ Kind string }

type derived struct {
	base
	N int
}

type node struct {
	Name string
	Next *node
}

// secret hides what it holds and writes itself.
type secret struct{ text string }

func (s secret) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]string{"text": s.text}) }
func (s *secret) UnmarshalJSON(b []byte) (err error) {
	m := map[string]string{}
	err = json.Unmarshal(b, &m)
	s.text = m["text"]
	return
}

// stamped has the methods of its embedded field, which know nothing of the other one.
type stamped struct {
	time.Time
	by string
}

func known() *codec.JSON { return codec.New(types()...) }

func types() []reflect.Type {
	return []reflect.Type{codec.Of[Order](), codec.Of[Level](), codec.Of[Pair[string, []Level]](), codec.Of[derived](), codec.Of[node](),
		codec.Of[secret](), codec.Of[*big.Int](), codec.Of[netip.Addr](), codec.Of[url.URL](), codec.Of[stamped](),
		codec.Of[struct{ A [2]int }]()}
}

// again encodes and decodes a value without saying its type.
func again(t *testing.T, c codec.Codec, v any) (any, string) {
	t.Helper()
	data, err := c.Encode(v)
	if err != nil {
		t.Fatalf("%#v: %v", v, err)
	}
	if !json.Valid(data) {
		t.Fatalf("%#v becomes %s, which is no JSON", v, data)
	}
	back, err := c.Decode(data, nil)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return back, string(data)
}

func values() []any {
	text, nothing := "x", any(nil)
	inner := &text
	var none *string
	at := time.Date(2026, 11, 26, 18, 9, 49, 123456789, time.FixedZone("", 5400))
	line := Line{Item: "a \"b\"\n\x01<>&\u2028", Price: 2, Note: &text}
	return []any{
		nil, true, false, "", "text", "bad \xff utf8", int64(5), int64(math.MinInt64), 5.0, 0.1, -0.5, 1e300, math.Copysign(0, -1), math.Inf(1), math.Inf(-1),
		5, int8(-5), int16(5), int32(5), uint(5), uint8(5), uint16(5), uint32(5), uint64(math.MaxUint64), float32(0.1), float32(3),
		complex64(complex(1, 2)), complex(math.Inf(1), 0.5),
		[]any{}, []any(nil), []any{nil, int64(1), 1, "a", []any{true}}, map[string]any{}, map[string]any(nil), map[string]any{"a": nil, "b": 2.0},
		map[string]any{"$": "int", "v": int64(5)}, map[string]any{"$": map[string]any{"$": 1}}, map[string]any{"\xff": 1},
		[]byte("bytes"), []byte{}, []byte(nil), [3]byte{1, 2, 3}, [2]string{"a", "b"}, [0]int{},
		[]string{"a"}, []string{}, []string(nil), []int{1, 2}, [][]float64{{1, 2.5}, nil}, []map[string]any{{"a": int64(1)}, nil},
		map[string]int{"$": 1}, map[string]string{"\xff": "a", "b": ""}, map[int]string{2: "b", 1: "a"}, map[bool][]int{true: {1}},
		map[float64]any{1.5: "a", math.Inf(1): nil}, map[any]any{"a": 1, 2: "b", 2.0: nil}, map[[2]int]bool{{1, 2}: true},
		&text, &inner, none, &none, &nothing, []*string{nil, &text}, &[]string{"a"}, new([]string), new(map[string]any),
		time.Second, at, at.UTC(), time.Time{}, time.Date(-5, 1, 1, 0, 0, 0, 7, time.UTC), time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3601)), time.March, time.Monday, json.Number("1.50"), json.RawMessage(`{"a": 1}`), json.RawMessage(nil),
		[]time.Duration{1}, map[time.Month]time.Time{1: at},
		Level(3), []Level{1}, map[Level]string{1: "a"}, line, &line, []Line{line, {}},
		Order{ID: 7, Lines: []Line{line}, By: map[string]*Line{"a": &line, "b": nil}, Extra: []any{Level(1), line}, Due: at},
		&Order{Extra: &Order{Extra: map[string]any{"$": 1}}},
		Pair[string, []Level]{"a", []Level{1}}, derived{base{"k"}, 1}, node{"a", &node{"b", nil}}, secret{"s"}, &secret{"s"}, []*secret{{"s"}, nil},
		big.NewInt(-5), new(big.Int).Lsh(big.NewInt(1), 100), netip.MustParseAddr("10.0.0.1"), netip.Addr{}, url.URL{Scheme: "https", Host: "a.b", Path: "/a b"},
		struct{ A [2]int }{[2]int{1, 2}}, []struct{ A [2]int }{{}}, map[struct{ A [2]int }]bool{{}: true}, stamped{Time: at},
		error(nil), []error{nil},
	}
}

func TestEveryValueComesBackInItsType(t *testing.T) {
	t.Parallel()
	c := known()
	for _, v := range values() {
		back, data := again(t, c, v)
		if !same(back, v) {
			t.Errorf("%#v becomes %s and comes back as %#v", v, data, back)
		}
		if more, _ := again(t, c, []any{v}); !same(more, []any{v}) {
			t.Errorf("%#v in a list comes back as %#v", v, more)
		}
		if more, _ := again(t, c, map[string]any{"k": v}); !same(more, map[string]any{"k": v}) {
			t.Errorf("%#v in a map comes back as %#v", v, more)
		}
		if other, err := known().Decode([]byte(data), reflect.TypeOf(v)); err != nil || !same(other, v) {
			t.Errorf("%s as %T, in another process: %#v, %v", data, v, other, err)
		}
	}
}

// same is reflect.DeepEqual for times that stand for the same, and with the sign of zero.
func same(a, b any) bool {
	if x, ok := a.(time.Time); ok {
		y, ok := b.(time.Time)
		_, ox := x.Zone()
		_, oy := y.Zone()
		return ok && x.Equal(y) && ox == oy
	}
	if x, ok := a.(float64); ok {
		y, ok := b.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	}
	return reflect.DeepEqual(a, b)
}

func TestWhatIsNoNumberComesBack(t *testing.T) {
	t.Parallel()
	back, data := again(t, known(), []any{math.NaN(), map[float64]int{math.NaN(): 1, math.NaN(): 2}, float32(math.NaN())})
	list := back.([]any)
	if f, ok := list[0].(float64); !ok || !math.IsNaN(f) || len(list[1].(map[float64]int)) != 2 {
		t.Errorf("%s comes back as %#v", data, back)
	}
}

func TestTheTextIsWhatTheCommentSays(t *testing.T) {
	t.Parallel()
	for v, want := range map[any]string{
		int64(5): `5`, 5.0: `5.0`, 1e21: `1e+21`, 5: `{"$":"int","v":5}`, "a<b": `"a<b"`, time.Second: `{"$":"time.Duration","v":1000000000}`,
		math.Inf(-1): `{"$":"float64","v":"-Inf"}`, Level(2): `{"$":"github.com/weirflow/weir/codec_test.Level","v":2}`,
	} {
		if _, got := again(t, known(), v); got != want {
			t.Errorf("%#v becomes %s, want %s", v, got, want)
		}
	}
	if _, got := again(t, known(), map[string]any{"$": "a", "b": []string{"c"}}); got != `{"$":"map[string]any","v":{"$":"a","b":{"$":"[]string","v":["c"]}}}` {
		t.Errorf("a map with the key $ becomes %s", got)
	}
}

func TestTheSameValueGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	m := map[any]any{}
	for i := range 50 {
		m[i], m[fmt.Sprint(i)] = i, []int{i}
	}
	c := known()
	first, err := c.Encode(m)
	for range 20 {
		if next, _ := c.Encode(m); err != nil || string(next) != string(first) {
			t.Fatalf("%s\n%s %v", first, next, err)
		}
	}
}

func TestWhatCannotComeBackIsAnError(t *testing.T) {
	t.Parallel()
	ring := &node{Name: "a"}
	ring.Next = ring
	list := []any{nil}
	list[0] = list
	m := map[string]any{}
	m["m"] = []any{m}
	type P *P
	var p P
	p = &p
	deep := any(nil)
	for range 2000 {
		deep = []any{deep}
	}
	for _, c := range []struct {
		v    any
		want string
	}{
		{make(chan int), "a chan int means nothing outside of the process"},
		{func() {}, "a func() means nothing"},
		{map[string]any{"f": map[string]any{"g": func() {}}}, `map[string]interface {}["f"]["g"]: a func() means nothing`},
		{uintptr(5), "a uintptr means nothing"},
		{ring, "leads back to itself"}, {list, "leads back to itself"}, {m, "leads back to itself"},
		{deep, "nests deeper than 1000"},
		{stamped{by: "ada"}, ".by: the field is not exported"},
		{struct{ A [2]int }{}, ""},
		{struct{ B int }{1}, "the type is not known: struct { B int }"},
		{errors.New("boom"), "the type is not known: errors.errorString; register it with codec.New"},
		{map[*int]int{new(int): 1}, "a map with a key of type *int"},
		{map[any]int{new(int): 1}, "a map with a key of type"},
		{Order{Extra: Pair[int, int]{}}, "codec_test.Order.Extra: the type is not known: github.com/weirflow/weir/codec_test.Pair[int,int]"},
	} {
		data, err := known().Encode(c.v)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%T: %v", c.v, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%T becomes %.100s, %v; want an error that says %s", c.v, data, err, c.want)
		}
	}
	if _, err := known().Encode(p); err == nil {
		t.Error("a pointer to itself is encoded")
	}
}

func TestANilChannelOrFunctionInAFieldHoldsNothing(t *testing.T) {
	t.Parallel()
	type hooks struct {
		F func()
		C chan int
		N int
	}
	c := codec.New(codec.Of[hooks]())
	if back, data := again(t, c, hooks{N: 1}); !reflect.DeepEqual(back, hooks{N: 1}) {
		t.Errorf("%s comes back as %#v", data, back)
	}
	if _, err := c.Encode(hooks{F: func() {}}); err == nil || !strings.Contains(err.Error(), ".F: a func()") {
		t.Errorf("error %v", err)
	}
}

func TestTypesOfOneNameAreRefused(t *testing.T) {
	t.Parallel()
	one := func() reflect.Type { type twin struct{ A int }; return codec.Of[twin]() }()
	two := func() reflect.Type { type twin struct{ B int }; return codec.Of[twin]() }()
	_, err := codec.New(one, two).Encode(reflect.New(one).Elem().Interface())
	if err == nil || !strings.Contains(err.Error(), "several types are called") {
		t.Errorf("error %v", err)
	}
}

func TestWithKnowsMoreAndLeavesTheOtherAsItIs(t *testing.T) {
	t.Parallel()
	few := codec.New()
	more := few.With(codec.Of[Level](), nil)
	if _, err := few.Encode(Level(1)); err == nil {
		t.Error("the first knows the type")
	}
	if back, _ := again(t, more, Level(1)); back != Level(1) {
		t.Errorf("comes back as %#v", back)
	}
	if back, err := few.Decode([]byte(`{"$":"github.com/weirflow/weir/codec_test.Level","v":2}`), codec.Of[Level]()); back != Level(2) || err != nil {
		t.Errorf("a type that is asked for: %#v, %v", back, err)
	}
	var zero codec.JSON
	if back, _ := again(t, &zero, []int{1}); !reflect.DeepEqual(back, []int{1}) {
		t.Errorf("the zero value gives %#v", back)
	}
}

func TestAValueIsReadAsTheTypeThatIsAskedFor(t *testing.T) {
	t.Parallel()
	c := codec.New()
	for _, k := range []struct {
		data string
		t    reflect.Type
		want any
	}{
		{`5`, codec.Of[int](), 5},
		{`5`, codec.Of[float64](), 5.0},
		{`{"Item":"a","Price":2}`, codec.Of[Line](), Line{Item: "a", Price: 2}},
		{`["a"]`, codec.Of[[]string](), []string{"a"}},
		{`{"$":"int","v":5}`, codec.Of[any](), 5},
		{`null`, codec.Of[*Line](), (*Line)(nil)},
	} {
		got, err := c.Decode([]byte(k.data), k.t)
		if err != nil || !reflect.DeepEqual(got, k.want) {
			t.Errorf("%s as %v: %#v, %v; want %#v", k.data, k.t, got, err, k.want)
		}
	}
	if v, err := c.Decode([]byte(`{"$":"int","v":5}`), codec.Of[string]()); err == nil || !strings.Contains(err.Error(), "it is a int, and a string is asked for") {
		t.Errorf("%v, %v", v, err)
	}
}

func TestHostileBytesAreErrors(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for data, want := range map[string]string{
		``: "not JSON", `{`: "not JSON", `1 2`: "not JSON", "\"\xff\"": "UTF-8", deep: "nests deeper",
		`{"$":5}`: "stands where a text is", `{"$":"int"}`: "the keys $ and v", `{"$":"int","v":1,"w":2}`: "no others", `{"a":1,"$":"int"}`: "no type is named",
		`{"$":"nobody.Knows","v":1}`: "is not known", `{"$":"[]","v":1}`: "is not known", `{"$":"map[","v":1}`: "is not known", `{"$":"[","v":1}`: "is not known",
		`{"$":"map[[]int]int","v":{}}`: "no key of a map", `{"$":"[99999999]int","v":[]}`: "too large", `{"$":"[-1]int","v":[]}`: "too large",
		`{"$":"[1000][1000]int","v":[]}`: "too large", `{"$":"` + strings.Repeat("*", 50) + `int","v":1}`: "nests too deep",
		`{"$":"` + strings.Repeat("x", 5000) + `","v":1}`: "too long", `{"$":"any","v":1}`: "no value is of type", `{"$":"error","v":1}`: "no value is of type",
		`99999999999999999999`: "out of range", `1e999`: "out of range", `{"$":"int8","v":300}`: "is no int8", `{"$":"uint","v":-1}`: "is no uint", `{"$":"int","v":1.5}`: "is no int",
		`{"$":"int","v":"5"}`: "is no int", `{"$":"bool","v":1}`: "stands where", `{"$":"[]byte","v":[1]}`: "is not known", `{"$":"[]uint8","v":"?"}`: "no base64",
		`{"$":"[]uint8","v":[1]}`: "stands where base64", `{"$":"[2]uint8","v":"AA=="}`: "1 bytes", `{"$":"[2]int","v":[1]}`: "1 items", `{"$":"[1]int","v":[1,2]}`: "2 items",
		`{"$":"complex128","v":[1]}`: "1 numbers", `{"$":"complex128","v":1}`: "stands where", `{"a":1,"a":2}`: "twice", `{"$":"map[string]int","v":{"a":1,"a":2}}`: "twice",
		`{"$":"map[int]int","v":[[1,1],[1,2]]}`: "twice", `{"$":"map[int]int","v":[[1]]}`: "1 items", `{"$":"map[int]int","v":{"a":1}}`: "stands where", `{"$":"map[int]int","v":[1]}`: "stands where",
		`{"$":"map[any]int","v":[[[1],1]]}`: "is no key", `{"$":"map[*int]int","v":[[1,1]]}`: "is no key", `{"$":"*[]int","v":[1,2]}`: "", `{"$":"string","v":{}}`: "stands where",
		`{"$":"time.Time","v":"now"}`: "no time", `{"$":"time.Time","v":[1]}`: "a time is", `{"$":"time.Time","v":[1,2,999999999]}`: "a time is", `{"$":"time.Time","v":1}`: "stands where",
		`{"$":"[]error","v":[5]}`:                                      "it is a int64, and a error is asked for",
		`{"$":"github.com/weirflow/weir/codec_test.Line","v":{"X":1}}`: "has no such field", `{"$":"github.com/weirflow/weir/codec_test.Line","v":[]}`: "stands where",
		`{"$":"github.com/weirflow/weir/codec_test.Line","v":{"Item":"a","Item":"b"}}`: "twice", `{"$":"github.com/weirflow/weir/codec_test.secret","v":5}`: "cannot unmarshal",
	} {
		v, err := known().Decode([]byte(data), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %#v, %v; want an error that says %q", data, v, err, want)
		}
	}
}

func TestAFewBytesDoNotBecomeALargeValue(t *testing.T) {
	t.Parallel()
	type large struct{ Data [1 << 16]int }
	data := `{"$":"[]github.com/weirflow/weir/codec_test.large","v":[` + strings.Repeat("{},", 10_000) + `{}]}`
	c := codec.New(codec.Of[large]())
	for _, what := range []string{"when the type is new", "when it is known"} {
		if _, err := c.Decode([]byte(data), nil); err == nil || !strings.Contains(err.Error(), "far larger") {
			t.Errorf("%s: error %v", what, err)
		}
		if _, err := c.Decode([]byte(`{"$":"[]github.com/weirflow/weir/codec_test.large","v":[{}]}`), nil); err != nil {
			t.Error(err)
		}
	}
}

func TestMethodsThatPanicAreErrors(t *testing.T) {
	t.Parallel()
	c := codec.New(codec.Of[moody]())
	if _, err := c.Encode(moody{1}); err == nil || !strings.Contains(err.Error(), "panicked: not today") {
		t.Errorf("error %v", err)
	}
	if _, err := c.Decode([]byte(`{"$":"github.com/weirflow/weir/codec_test.moody","v":"a"}`), nil); err == nil || !strings.Contains(err.Error(), "panicked: nor now") {
		t.Errorf("error %v", err)
	}
}

type moody struct{ n int }

func (m moody) MarshalText() ([]byte, error)     { panic("not today") }
func (m *moody) UnmarshalText(text []byte) error { panic("nor now") }

func TestOneCodecServesManyGoroutines(t *testing.T) {
	t.Parallel()
	c := known()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, v := range values() {
				if data, err := c.Encode(v); err != nil {
					t.Error(err)
				} else if _, err := c.Decode(data, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
