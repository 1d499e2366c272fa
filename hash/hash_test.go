package hash_test

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/hash"
)

type order struct {
	ID    int
	lines []string
	due   time.Time
}

type (
	celsius float64
	kelvin  float64
)

type link struct{ next *link }

func form(t *testing.T, v any) string {
	t.Helper()
	b, err := hash.Append(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestB133_EqualDataHasOneForm(t *testing.T) {
	t.Parallel()
	at := time.Now()
	for i, set := range [][]any{
		{1, int8(1), uint64(1), 1.0, float32(1), int64(1)},
		{0, 0.0, math.Copysign(0, -1), uint8(0)},
		{uint64(1 << 63), float64(1 << 63)},
		{-5, -5.0},
		{0.5, float32(0.5)},
		{nil, []int(nil), map[string]int(nil), (*int)(nil), error(nil), (chan int)(nil)},
		{[]string{"a"}, []any{"a"}, [1]string{"a"}},
		{map[string]any{"a": 1, "b": 2.0}, map[any]any{"b": 2, "a": 1.0}, map[string]int{"a": 1, "b": 2}},
		{at, at.Round(0)},
		{order{ID: 1, due: at}, order{ID: 1, due: at.Round(0)}},
		{&order{ID: 1, lines: []string{"a"}}, &order{ID: 1, lines: []string{"a"}}},
		{[]byte("ab"), [2]byte{'a', 'b'}},
		{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.1")},
		{*big.NewInt(7), *new(big.Int).Sub(big.NewInt(1<<40), big.NewInt(1<<40-7))},
	} {
		for _, v := range set[1:] {
			if form(t, v) != form(t, set[0]) {
				t.Errorf("set %d: %#v and %#v have two forms", i, set[0], v)
			}
		}
	}
}

func TestDataThatDiffersHasOtherForms(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, v := range []any{
		nil, true, false, 0, 1, -1, 1.5, math.Inf(1), math.MaxInt64, uint64(math.MaxUint64), 1e300, complex(1, 0), complex(0, 1),
		"", "a", "1", "n", "ab", []byte("a"), []byte{}, []any{}, []any{nil}, []any{"a", "b"}, []any{"ab"}, []any{"a", []any{"b"}}, []any{[]any{"a", "b"}},
		map[string]any{}, map[string]any{"a": nil}, map[string]any{"a": "b"}, map[string]any{"b": "a"}, []any{"a", "b", nil},
		celsius(1), kelvin(1), new(int), new(string), order{}, order{ID: 1}, order{lines: []string{}}, order{lines: []string{"a"}}, order{due: at}, &order{},
		struct{ A int }{}, struct{ B int }{}, time.Second, at, at.Add(1), at.In(time.FixedZone("", 0)), at.In(time.FixedZone("X", 3600)),
		at.In(time.FixedZone("Y", 3600)), [2]int{1, 2}, []any{1, 2, 3}, "é", "e\u0301", [2]celsius{},
	} {
		f := form(t, v)
		if twin, ok := seen[f]; ok {
			t.Errorf("%#v has the form of %s", v, twin)
		}
		seen[f] = fmt.Sprintf("%#v", v)
	}
}

func TestTheOrderOfAMapDoesNotMatter(t *testing.T) {
	t.Parallel()
	keys := rand.Perm(500)
	one, other := map[any]any{}, map[any]any{}
	for _, k := range keys {
		one[k], one[fmt.Sprint(k)] = k, k
	}
	for i := range keys {
		k := keys[len(keys)-1-i]
		other[fmt.Sprint(k)], other[k] = k, k
	}
	if form(t, one) != form(t, other) {
		t.Error("two forms")
	}
	mixed := map[any]int{1: 1, 1.0: 2, int8(1): 3}
	for range 20 {
		if form(t, mixed) != form(t, map[any]int{int8(1): 3, 1.0: 2, 1: 1}) {
			t.Fatal("keys of one form have no order")
		}
	}
}

func TestWhatHasNoFormIsAnErrorAndLeavesTheBytes(t *testing.T) {
	t.Parallel()
	ring := &link{}
	ring.next = ring
	list := []any{nil}
	list[0] = list
	m := map[string]any{}
	m["m"] = m
	deep := any(1)
	for range 3000 {
		deep = []any{deep}
	}
	for _, c := range []struct {
		v    any
		want string
	}{
		{make(chan int), "a chan int means nothing"}, {func() {}, "a func() means nothing"}, {[]any{1, func() {}}, "means nothing"},
		{ring, "leads back to itself"}, {list, "leads back to itself"}, {m, "leads back to itself"}, {deep, "nests deeper"},
		{math.NaN(), "NaN"}, {[]float64{math.NaN()}, "NaN"}, {map[float64]int{math.NaN(): 1}, "NaN"}, {uintptr(1), "means nothing"},
		{struct{ m map[int]time.Time }{map[int]time.Time{1: {}}}, "holds a time"},
	} {
		b, err := hash.Append([]byte("kept"), c.v)
		if err == nil || !strings.Contains(err.Error(), c.want) || string(b) != "kept" {
			t.Errorf("%T: %q, %v; want an error that says %s", c.v, b, err, c.want)
		}
		if key, err := hash.Of(nil, c.v); err == nil || key != "" {
			t.Errorf("%T has the key %q", c.v, key)
		}
	}
}

func TestAValueMayStandInSeveralPlaces(t *testing.T) {
	t.Parallel()
	shared := []any{1}
	deep := any([]any{shared, shared})
	for range 100 {
		deep = []any{deep}
	}
	form(t, deep)
}

// The digest of a value is part of keys that stores keep: it may not change without another version byte.
func TestTheDigestIsFixed(t *testing.T) {
	t.Parallel()
	key, err := hash.Of(nil, "step", map[string]any{"b": []any{1, 2.5, nil, true}, "a": order{ID: 7}})
	const want = "743fb318f17003da23e1897cb1818a7d8eb19d93ca1010742a14a92e26e3359e"
	if err != nil || key != want {
		t.Errorf("%s, %v; want %s", key, err, want)
	}
}

type counter struct{ n int }

func (c *counter) Digest(data []byte) string { c.n++; return hex.EncodeToString(data) }

func TestOfUsesTheHasherThatIsGiven(t *testing.T) {
	t.Parallel()
	c := &counter{}
	a, _ := hash.Of(c, "a", "b")
	b, _ := hash.Of(c, "ab")
	if c.n != 2 || a == b {
		t.Errorf("%d digests, %s and %s", c.n, a, b)
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("a", "b", int64(1), 1.5, []byte("x"))
	f.Add("", "\xff", int64(math.MinInt64), math.Inf(-1), []byte(nil))
	f.Fuzz(func(t *testing.T, s, u string, i int64, d float64, b []byte) {
		if math.IsNaN(d) {
			return
		}
		v := map[string]any{s: i, u: d, "b": b}
		one, err := hash.Append(nil, v)
		two, _ := hash.Append(nil, map[any]any{"b": b, u: d, s: v[s]})
		if err != nil || s != u && s != "b" && u != "b" && string(one) != string(two) {
			t.Fatalf("%q %q %v", one, two, err)
		}
		if s != u && form(t, []any{s, u}) == form(t, []any{u, s}) || s != "" && form(t, []any{s, u}) == form(t, []any{s + u}) {
			t.Fatal("lists that differ have one form")
		}
	})
}
