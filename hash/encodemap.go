package hash

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// pair is an entry of a map that is written.
type pair struct {
	key   string
	value any
}

// object writes a map in the order of its keys' forms. Its pairs lie behind those of the maps that it stands in.
func (q *quick) object(m map[string]any) error {
	if m == nil {
		q.tag(tagNil)
		return nil
	}
	q.tag(tagMap)
	q.length(len(m))
	from := len(q.pairs)
	for key, value := range m {
		q.pairs = append(q.pairs, pair{key, value})
	}
	end := len(q.pairs)
	slices.SortFunc(q.pairs[from:end], byForm)
	q.depth += 2
	for i := from; i < end; i++ {
		q.text(tagText, q.pairs[i].key)
		if err := q.any(q.pairs[i].value); err != nil {
			return err
		}
	}
	q.depth -= 2
	clear(q.pairs[from:end])
	q.pairs = q.pairs[:from]
	return nil
}

// byForm orders pairs as the forms of their keys: by the length as it is written, then by the bytes.
func byForm(a, b pair) int {
	x, y := len(a.key), len(b.key)
	if x == y {
		return strings.Compare(a.key, b.key)
	}
	if x < 0x80 && y < 0x80 {
		return cmp.Compare(x, y)
	}
	var m, n [binary.MaxVarintLen64]byte
	return bytes.Compare(m[:binary.PutUvarint(m[:], uint64(x))], n[:binary.PutUvarint(n[:], uint64(y))])
}
