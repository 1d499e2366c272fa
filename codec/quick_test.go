package codec_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/weirflow/weir/codec"
)

// keeper keeps the place that it was read into.
type keeper struct {
	self *keeper
	n    int
}

func (k keeper) MarshalJSON() ([]byte, error) { return []byte(strconv.Itoa(k.n)), nil }
func (k *keeper) UnmarshalJSON(b []byte) (err error) {
	k.self = k
	k.n, err = strconv.Atoi(string(b))
	return err
}

func TestWhatAMethodKeptOfAValueIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	type holder struct{ A [1]keeper }
	for data, k := range map[string]struct {
		as  reflect.Type
		get func(v any) *keeper
	}{
		`N`:           {codec.Of[keeper](), func(v any) *keeper { k := v.(keeper); return &k }},
		`[N,7]`:       {codec.Of[[]keeper](), func(v any) *keeper { return &v.([]keeper)[0] }},
		`{"a":N}`:     {codec.Of[map[string]keeper](), func(v any) *keeper { k := v.(map[string]keeper)["a"]; return &k }},
		`[N]`:         {codec.Of[*keeper](), func(v any) *keeper { return v.(*keeper) }},
		`{"A":[N]}`:   {codec.Of[holder](), func(v any) *keeper { h := v.(holder); return &h.A[0] }},
		`[{"A":[N]}]`: {codec.Of[[]holder](), func(v any) *keeper { return &v.([]holder)[0].A[0] }},
	} {
		var got []string
		for _, c := range []*codec.JSON{codec.New(codec.Of[keeper]()), codec.Plain(codec.Of[keeper]())} {
			v, err := c.Decode([]byte(strings.ReplaceAll(data, "N", "1")), k.as)
			for i := range 3 { // what comes next does not get the same place
				if _, next := c.Decode([]byte(strings.ReplaceAll(data, "N", strconv.Itoa(100+i))), k.as); next != nil || err != nil {
					t.Fatal(next, err)
				}
			}
			first := k.get(v)
			kept := first.self.n
			first.self.n = 99
			got = append(got, strconv.Itoa(kept)+", then "+strconv.Itoa(k.get(v).n))
		}
		if got[0] != got[1] || !strings.HasPrefix(got[0], "1,") {
			t.Errorf("%v: %s, and plainly %s", k.as, got[0], got[1])
		}
	}
}

func TestResultsOfAReusedBufferAreTheCallers(t *testing.T) {
	t.Parallel()
	c := codec.New()
	for _, size := range []int{10, 1 << 10, 1 << 20} {
		data, err := c.Encode(strings.Repeat("a", size))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Encode(strings.Repeat("b", size))
		v, err := c.Decode(data, nil)
		for i := range data {
			data[i] = 'x'
		}
		if _, other := c.Decode([]byte(`["`+strings.Repeat("c", size)+`"]`), nil); v != strings.Repeat("a", size) || err != nil || other != nil {
			t.Errorf("%d bytes come back as %.20v, %v, %v", size, v, err, other)
		}
	}
}

func TestAllocShowsThatAPlainOneStaysPlain(t *testing.T) {
	v := any([]string{"a", "b"})
	for name, c := range map[string]*codec.JSON{"as made": codec.Plain(), "with more": codec.Plain().With(codec.Of[Order]())} {
		if n := testing.AllocsPerRun(200, func() { _, _ = c.Encode(v) }); n < 2 {
			t.Errorf("%s: %v allocations, as a quick one", name, n)
		}
	}
}

func TestAllocOfEncodingIsTheResult(t *testing.T) {
	c := known()
	v := any(Order{ID: 1, Lines: []Line{{Item: strings.Repeat("a weir\n", 100), Price: 2.5}, {}}, Extra: map[string]any{"a": "b", "n": int64(5)}})
	for name, v := range map[string]any{"a struct": v, "a map": map[string]any{"a": []any{"b", 1.5, true}, "c": map[string]any{"d": nil}}, "texts": []string{"a", "b"}} {
		if n := testing.AllocsPerRun(200, func() { _, _ = c.Encode(v) }); n > 1 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestAllocOfReadingNumbersIsTheList(t *testing.T) {
	c := known()
	data := []byte(`[` + strings.Repeat("12345,", 1000) + `1]`)
	as := codec.Of[[]int]()
	if n := testing.AllocsPerRun(200, func() { _, _ = c.Decode(data, as) }); n > 2 {
		t.Errorf("%v allocations, want those of the list and of its header", n)
	}
}
