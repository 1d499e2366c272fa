package hash

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Keys makes keys by the plans of an Encoder, and remembers for each place the keys of values that it met twice: by their whole
// canonical form, so that a key is never another value's. Values that come once cost no memory. What is remembered is found without a lock and without an allocation,
// by a sketch of the value, and compared with the value without writing its form anew; it is bounded in number and size. The zero value is ready; it is safe for use by several goroutines and must not be copied.
type Keys struct {
	encoder  Encoder
	matcher  matcher
	sketcher sketcher
	buffers  sync.Pool // of *[]byte
}

const (
	// slots is how many keys a place remembers at most: as many as the results that a cache has by default.
	slots = 1024
	// longest is how many bytes of form are remembered: longer ones are digested each time.
	longest = 2 << 10
)

// At is a Keying.
func (k *Keys) At(h Hasher, prefix string, head ...any) (func(v any) (string, error), error) {
	if h == nil {
		h = SHA256{}
	}
	begin := []byte{version}
	var err error
	for _, v := range head {
		if begin, err = Append(begin, v); err != nil {
			return nil, err
		}
	}
	p := &place{keys: k, hasher: h, prefix: prefix, begin: begin, seed: maphash.MakeSeed()}
	return p.key, nil
}

// place makes the keys of one place.
type place struct {
	keys   *Keys
	hasher Hasher
	prefix string
	begin  []byte // the version and the form of the head
	seed   maphash.Seed
	memory atomic.Pointer[memory] // nil until the first key is made
}

// memory is what a place remembers. A form must be seen twice in its slot to be remembered, as in the doorkeeper of TinyLFU (Einziger
// et al., 2017): most inputs of most steps come once. A known one that is met again is found by its sketch from then on.
type memory struct {
	shape shape                        // that of the first value
	near  [slots]atomic.Pointer[known] // by their sketches
	known [slots]atomic.Pointer[known] // by their hashes
	seen  [slots]atomic.Uint32         // a part of the hash of the last form that was not known
	some  atomic.Bool                  // a form is known: until then no sketch is made
}

// known is the key of a form.
type known struct{ form, key string }

// key is what Plain gives.
func (p *place) key(v any) (string, error) {
	m := p.remembered(v)
	var near *atomic.Pointer[known]
	if m.some.Load() {
		near = &m.near[m.shape.near(v)%slots]
		if is := near.Load(); is != nil && m.shape.is(form(is.form), v) {
			return is.key, nil
		}
	}
	buffer := p.keys.take()
	defer p.keys.give(buffer)
	data, err := p.keys.encoder.Append(append((*buffer)[:0], p.begin...), v)
	if err != nil {
		return "", err
	}
	*buffer = data
	form := data[len(p.begin):]
	if len(form) > longest {
		return p.digest(data), nil
	}
	sum := maphash.Bytes(p.seed, form)
	slot := &m.known[sum%slots]
	if is := slot.Load(); is != nil && is.form == string(form) {
		if near != nil && near.Load() != is { // readers do not wait for each other
			near.Store(is)
		}
		return is.key, nil
	}
	key := p.digest(data)
	if mark := uint32(sum >> 32); m.seen[sum%slots].Swap(mark) == mark {
		slot.Store(&known{string(form), key})
		m.some.Store(true)
	}
	return key, nil
}

// digest gives the key of what is digested; by the usual hasher in one allocation.
func (p *place) digest(data []byte) string {
	const room = 192
	if _, ok := p.hasher.(SHA256); ok && len(p.prefix) <= room-2*sha256.Size {
		var key [room]byte
		sum := sha256.Sum256(data)
		return string(hex.AppendEncode(append(key[:0], p.prefix...), sum[:]))
	}
	return p.prefix + p.hasher.Digest(data)
}

// remembered gives the place's memory.
func (p *place) remembered(v any) *memory {
	if m := p.memory.Load(); m != nil {
		return m
	}
	p.memory.CompareAndSwap(nil, &memory{shape: p.keys.shapeOf(v)})
	return p.memory.Load()
}

func (k *Keys) take() *[]byte {
	if b, ok := k.buffers.Get().(*[]byte); ok {
		return b
	}
	return new([]byte)
}

func (k *Keys) give(b *[]byte) {
	if cap(*b) <= largest {
		k.buffers.Put(b)
	}
}
