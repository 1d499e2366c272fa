package codec

// quickDecoder reads one value by plans, and finds out on the way whether the data is JSON. What is rare it leaves to the decoder
// that it holds, after it has looked through it.
type quickDecoder struct {
	decoder
	items   []any    // of the lists and objects that are open
	texts   []string // of the maps that are open
	scratch []byte
	keys    [64]string // of the last objects: the same ones come again and again
}

// next gives the first byte of what comes next; 0 for the end.
func (d *quickDecoder) next() byte {
	for ; d.at < len(d.data); d.at++ {
		switch c := d.data[d.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// follows goes past a byte that must come next.
func (d *quickDecoder) follows(c byte) bool {
	if d.next() != c {
		return false
	}
	d.at++
	return true
}

// starts says that a word begins here.
func (d *quickDecoder) starts(w string) bool {
	return len(d.data)-d.at >= len(w) && string(d.data[d.at:d.at+len(w)]) == w
}

// word goes past a word that begins here.
func (d *quickDecoder) word(w string) bool {
	if !d.starts(w) {
		return false
	}
	d.at += len(w)
	return true
}

// enter goes past an opening bracket, and past the closing one where nothing stands between them. Some says that something does.
func (d *quickDecoder) enter(closing byte) (some, ok bool) {
	if d.depth++; d.depth > maxDepth {
		return false, false
	}
	d.at++
	if d.next() != closing {
		return true, true
	}
	return d.more(closing)
}

// more goes past what follows a member of a list or an object. Some says that another member comes.
func (d *quickDecoder) more(closing byte) (some, ok bool) {
	switch d.next() {
	case ',':
		d.at++
		return true, true
	case closing:
		d.at++
		d.depth--
		return false, true
	}
	return false, false
}

// take takes room for n bytes.
func (d *quickDecoder) take(n int) bool {
	d.room -= n
	return d.room >= 0
}

// digits goes past a number that comes next. Whole says that it has neither a point nor an exponent.
func (d *quickDecoder) digits() (raw []byte, whole, ok bool) {
	d.next()
	data, from, at := d.data, d.at, d.at
	run := func() bool {
		begin := at
		for at < len(data) && '0' <= data[at] && data[at] <= '9' {
			at++
		}
		return at > begin
	}
	if at < len(data) && data[at] == '-' {
		at++
	}
	if at < len(data) && data[at] == '0' {
		at++
	} else if !run() {
		return nil, false, false
	}
	whole = true
	if at < len(data) && data[at] == '.' {
		at++
		if whole = false; !run() {
			return nil, false, false
		}
	}
	if at < len(data) && data[at]|0x20 == 'e' {
		if at++; at < len(data) && (data[at] == '+' || data[at] == '-') {
			at++
		}
		if whole = false; !run() {
			return nil, false, false
		}
	}
	d.at = at
	return data[from:at], whole, true
}

// pass goes past the next value.
func (d *quickDecoder) pass() (ok bool) {
	switch d.next() {
	case '"':
		_, _, ok = d.quoted()
	case 'n':
		ok = d.word("null")
	case 't':
		ok = d.word("true")
	case 'f':
		ok = d.word("false")
	case '[', '{':
		closing := d.data[d.at] + 2 // '[' and ']', '{' and '}' lie two apart
		some, ok := d.enter(closing)
		for some {
			if closing == '}' {
				if _, _, ok := d.quoted(); !ok || !d.follows(':') {
					return false
				}
			}
			if !d.pass() {
				return false
			}
			some, ok = d.more(closing)
		}
		return ok
	default:
		_, _, ok = d.digits()
	}
	return ok
}
