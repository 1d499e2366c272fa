package hash_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/hash"
)

// entry holds whatever is recognised.
type entry struct {
	Name  label
	Tags  []string
	texts []string
	Notes map[string]string
	Vars  map[string]any
	Any   any
	any   any
	Err   error
	Next  *entry
	At    *time.Time
	Temps [3]celsius
	Raw   []byte
	On    bool
	Big   uint64
	Small int8
	Real  float32
	List  []entry
}

func anEntry() entry {
	return entry{
		Name: "a", Tags: []string{"x", "y"}, texts: []string{"z"}, Notes: map[string]string{"b": "1", "a": strings.Repeat("2", 300)},
		Vars: map[string]any{strings.Repeat("k", 200): 1.5, "m": map[string]any{"n": nil}}, Any: []any{1, 2.5}, any: label("l"), Err: errors.New("e"),
		Next: &entry{Tags: []string{"w"}}, At: new(time.Unix(1, 2)), Temps: [3]celsius{1, 2.5, -3}, Raw: []byte("raw"), On: true, Big: 1 << 63, Small: -1, Real: 0.5,
		List: []entry{{Name: "b"}},
	}
}

// recognised are values of the usual types.
func recognised() []any {
	return []any{
		nil, "", "text", strings.Repeat("x", 127), strings.Repeat("x", 128), strings.Repeat("x", 1<<14), true, false, 1, -1, int8(1), int64(7), uint64(math.MaxUint64), 1.5, 2.0,
		float64(1 << 63), float32(0.5), label("x"), celsius(2), time.Unix(1, 2).UTC(), time.Unix(1, 2).In(time.FixedZone("Z", 60)), []any{}, []any(nil), []any{1, "a", []any{nil}},
		map[string]any{}, map[string]any(nil), map[string]any{"a": 1, "b": map[string]any{"c": nil}}, map[string]string{"a": "b", "c": ""}, map[string]string(nil), []string{"a"},
		[]string(nil), []byte("ab"), []byte(nil), [2]int{1, 2}, []celsius{1, 2}, []label{"a"}, [][]string{{"a"}, nil}, anEntry(), new(anEntry()), &entry{}, (*entry)(nil), struct{}{},
		struct{ A, B any }{1, "b"}, []entry{anEntry()}, map[string]any{"e": anEntry(), "p": new(anEntry())}, []error{nil, errors.New("x")}, slices.Repeat([]any{1}, 300),
	}
}

func TestB133_AFormIsRecognisedAsThatOfItsValueAndOfNoOther(t *testing.T) {
	t.Parallel()
	var m hash.Matcher
	for i, v := range recognised() {
		f := form(t, v)
		if !m.Matches(f, v) {
			t.Errorf("%d: the form of %T is not recognised", i, v)
		}
		for at := range min(len(f), 600) { // each byte counts, and that none is missing
			other := []byte(f)
			other[at] ^= 1
			if m.Matches(string(other), v) || m.Matches(f[:at], v) {
				t.Fatalf("%d: %T is recognised by another form: byte %d", i, v, at)
			}
		}
		if m.Matches(f+"n", v) {
			t.Errorf("%d: %T is recognised by a longer form", i, v)
		}
		for j, w := range recognised() {
			if m.Matches(f, w) != (form(t, w) == f) {
				t.Errorf("%T and %T (%d, %d): recognised: %v", v, w, i, j, m.Matches(f, w))
			}
		}
	}
	if m.Matches(form(t, map[any]any{label("a"): 1, "a": 1}), map[string]any{"a": 1, "b": 1}) {
		t.Error("a map of other keys is recognised")
	}
	if twice := "m\x02s\x01ans\x01an"; m.Matches(twice, map[string]any{"a": nil, "b": nil}) || m.Matches("m\x02s\x01as\x00s\x01as\x00", map[string]string{"a": "", "b": ""}) {
		t.Error("a key that comes twice stands for two")
	}
}

// What the writer has to decide is left to it.
func TestWhatIsNotRecognisedIsLeftToTheWriter(t *testing.T) {
	t.Parallel()
	var m hash.Matcher
	deep := any(1)
	for range 60 {
		deep = []any{deep}
	}
	for _, v := range []any{
		deep, map[int]int{1: 2}, order{due: time.Unix(1, 2)}, struct{ m map[string]any }{map[string]any{"a": 1}}, [2]byte{1, 2}, complex(1, 2),
		struct{ a any }{map[string]any{}}, struct{ A map[label]int }{map[label]int{"a": 1}},
	} {
		if m.Matches(form(t, v), v) {
			t.Errorf("%T is recognised", v)
		}
	}
	if m.Matches("d\x7f\xf8\x00\x00\x00\x00\x00\x01", math.NaN()) {
		t.Error("NaN is recognised")
	}
}

func TestEqualValuesHaveOneSketch(t *testing.T) {
	t.Parallel()
	var m hash.Matcher
	seen := map[uint64]int{}
	for i, v := range recognised() {
		for range 20 { // maps are gone through in other orders
			if one, other := m.Sketch(v), m.Sketch(recognised()[i]); one != other {
				t.Fatalf("%T: %x and %x", v, one, other)
			}
		}
		seen[m.Sketch(v)%1024]++
	}
	if len(seen) < len(recognised())/2 {
		t.Errorf("%d values, %d sketches", len(recognised()), len(seen))
	}
}

func FuzzMatch(f *testing.F) {
	for i := range byte(32) {
		f.Add(append([]byte{i, 5, 0, 3, 'a', 'b', 'c', 5, 3, 2, 'x', 'y', 8, i}, strings.Repeat(string(rune(i)+'0')+"\x08q", 60)...), []byte{i, 1}, []byte("s\x01a"))
		f.Add(slices.Repeat([]byte{i, 255, i + 7}, 40), slices.Repeat([]byte{i, 255, i + 7}, 41), []byte{i})
	}
	var m hash.Matcher
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		v, w := (&maker{b: a, left: 60}).value(), (&maker{b: b, left: 60}).value()
		one, err := hash.Append(nil, v)
		two, err2 := hash.Append(nil, w)
		if m.Matches(string(one), w) && (string(one) != string(two) || err != nil || err2 != nil) {
			t.Fatalf("%q is recognised as the form of %T: %q, %v", one, w, two, err2)
		}
		if m.Matches(string(c), v) && string(c) != string(one) {
			t.Fatalf("%q is recognised as the form of %T: %q", c, v, one)
		}
		m.Sketch(v)
		if m.Matches(string(two), w) && m.Sketch(w) != m.Sketch((&maker{b: b, left: 60}).value()) {
			t.Fatalf("equal values of %T have two sketches", w)
		}
	})
}
