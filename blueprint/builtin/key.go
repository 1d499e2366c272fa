package builtin

import (
	"encoding/binary"
	"math"
)

// appendKey appends bytes that are equal for equal scalars and for no others, whatever follows: a letter for the sort, then
// a fixed width or a length. 1 and 1.0 are equal. It is false for lists and maps.
func appendKey(b []byte, v any) ([]byte, bool) {
	switch v := v.(type) {
	case nil:
		return append(b, 'n'), true
	case string:
		b = binary.AppendUvarint(append(b, 's'), uint64(len(v)))
		return append(b, v...), true
	case bool:
		return append(b, 'b', byte(truth(v))), true
	}
	n, ok := toNumber(v)
	if !ok {
		return b, false
	}
	// Beyond 2^53 a float64 does not hold every whole number, so that equality there would be an accident.
	if !n.isWhole && n.float == math.Trunc(n.float) && math.Abs(n.float) <= 1<<53 {
		n = wholeNumber(int64(n.float))
	}
	if n.isWhole {
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(n.whole)), true
	}
	return binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(n.float)), true
}
