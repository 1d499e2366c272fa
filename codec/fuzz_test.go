package codec_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/weirflow/weir/codec"
)

// FuzzDecode reads arbitrary bytes: no panic, and what was read is written and read again as the same.
func FuzzDecode(f *testing.F) {
	c := known()
	for _, v := range values() {
		data, err := c.Encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range []string{`{"$":"[2]map[string]*[]any","v":[null,{"a":[[1]]}]}`, `{"$":"map[any]any","v":[[1,2],["a",null]]}`, `[{"$":1}]`, `{"\u0024":"int","v":1}`} {
		f.Add([]byte(s))
	}
	types := []reflect.Type{nil, codec.Of[Order](), codec.Of[map[string]any](), codec.Of[int]()}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, typ := range types {
			v, err := c.Decode(data, typ)
			if err != nil || v == nil {
				continue
			}
			again, err := c.Encode(v)
			if err != nil {
				continue // what an unexported field of a user's type holds, say
			}
			back, err := c.Decode(again, nil)
			if err != nil {
				t.Fatalf("%q is read, and written as %s, which is not: %v", data, again, err)
			}
			more, err := c.Encode(back)
			if err != nil || string(more) != string(again) {
				t.Fatalf("%s is read and written as %s, %v", again, more, err)
			}
		}
	})
}

// FuzzIdentity makes values of many types out of bytes: each comes back as it was.
func FuzzIdentity(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), int64(5), 1.5, "text", uint8(3))
	f.Add([]byte{}, int64(math.MinInt64), math.Copysign(0, -1), "\xff$\x00", uint8(200))
	f.Add([]byte{0xff}, int64(math.MaxInt64), 5e-324, "\u2028<>&\"\\", uint8(9))
	c := known()
	f.Fuzz(func(t *testing.T, b []byte, i int64, d float64, s string, n uint8) {
		if math.IsNaN(d) {
			d = 0
		}
		at := time.Unix(i%(1<<40), int64(n)).UTC()
		line := Line{Item: s, Price: d, Note: &s}
		v := []any{
			b, i, d, s, n, int(i), uint64(i), float32(d), at, time.Duration(i), Level(n),
			map[string]any{s: d, "$": i}, map[string]string{s: s}, map[int64]string{i: s}, map[any]any{s: i, d: b != nil, n: s},
			Order{ID: int(i), Lines: []Line{line}, By: map[string]*Line{s: &line}, Extra: map[string]any{s: &line}, Due: at},
			[]*string{&s, nil}, [2]float64{d, -d}, complex(d, -d), Pair[string, []Level]{s, []Level{Level(n)}}, [][]byte{b, nil},
		}
		data, err := c.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(data) {
			t.Fatalf("no JSON: %s", data)
		}
		back, err := c.Decode(data, nil)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(back, any(v)) {
			t.Fatalf("%#v\nbecomes %s\nand comes back as %#v", v, data, back)
		}
	})
}
