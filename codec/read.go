package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// decoder reads one value the plain way: by a walk of data that is known to be JSON.
type decoder struct {
	c     *JSON
	data  []byte
	at    int
	depth int
	// room is how many bytes of memory may still be taken.
	room int
}

// spend takes room for n bytes.
func (d *decoder) spend(n int) error {
	if d.room -= n; d.room < 0 {
		return errors.New("it would become far larger than what was written")
	}
	return nil
}

// peek gives the first byte of what comes next.
func (d *decoder) peek() byte {
	for {
		switch c := d.data[d.at]; c {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return c
		}
	}
}

// skip goes past the next value and gives its text.
func (d *decoder) skip() []byte {
	d.peek()
	from, depth, quoted := d.at, 0, false
	for ; d.at < len(d.data); d.at++ {
		switch c := d.data[d.at]; {
		case quoted && c == '\\':
			d.at++
			continue
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if quoted || depth > 0 {
			continue
		}
		if d.at++; d.at >= len(d.data) || ends(d.data[d.at]) || d.data[from] == '"' || d.data[from] == '{' || d.data[from] == '[' {
			break
		}
		d.at--
	}
	return d.data[from:d.at]
}

// ends says that a number or a word cannot go on with c.
func ends(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

// text reads a string.
func (d *decoder) text() (string, error) {
	if d.peek() != '"' {
		return "", fmt.Errorf("%.40s stands where a text is", d.skip())
	}
	raw := d.skip()
	if slices.Contains(raw[1:len(raw)-1], '\\') {
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	}
	return string(raw[1 : len(raw)-1]), nil
}

// each reads a list; item reads item i.
func (d *decoder) each(item func(i int) error) error {
	return d.group(func(i int) error {
		if err := item(i); err != nil {
			return placed(err, fmt.Sprintf("[%d]", i))
		}
		return nil
	})
}

// object reads an object; value reads what stands under a key.
func (d *decoder) object(value func(key string) error) error {
	return d.group(func(int) error {
		key, err := d.text()
		if err != nil {
			return err
		}
		d.peek()
		d.at++ // the colon
		if err := value(key); err != nil {
			return placed(err, fmt.Sprintf("[%.50q]", key))
		}
		return nil
	})
}

// group reads what stands between brackets.
func (d *decoder) group(member func(i int) error) error {
	if d.depth++; d.depth > maxDepth {
		return errDepth
	}
	d.at++
	for i := 0; ; i++ {
		if c := d.peek(); c == ']' || c == '}' {
			break
		}
		if err := member(i); err != nil {
			return err
		}
		if d.peek() == ',' {
			d.at++
		}
	}
	d.at++
	d.depth--
	return nil
}

// tagged says that the next value names its type.
func (d *decoder) tagged() bool {
	if d.peek() != '{' {
		return false
	}
	at := d.at
	defer func() { d.at = at }()
	d.at++
	return d.peek() == '"' && string(d.skip()) == `"`+tagKey+`"`
}
