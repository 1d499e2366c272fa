package hash

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Keys makes keys by the plans of an Encoder, and remembers for each place the keys of values that it met: by their whole canonical
// form, so that a key is never another value's. What is remembered is found without a lock and without an allocation; it is
// bounded in number and size. The zero value is ready; it is safe for use by several goroutines and must not be copied.
type Keys struct {
	encoder Encoder
	buffers sync.Pool // of *[]byte
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
	known  atomic.Pointer[[slots]atomic.Pointer[known]] // nil until a key is to be remembered
}

// known is the key of a form.
type known struct{ form, key string }

// key is what Plain gives.
func (p *place) key(v any) (string, error) {
	buffer := p.keys.take()
	defer p.keys.give(buffer)
	data, err := p.keys.encoder.Append(append((*buffer)[:0], p.begin...), v)
	if err != nil {
		return "", err
	}
	*buffer = data
	form := data[len(p.begin):]
	if len(form) > longest {
		return p.prefix + p.hasher.Digest(data), nil
	}
	at := maphash.Bytes(p.seed, form) % slots
	if all := p.known.Load(); all != nil {
		if is := all[at].Load(); is != nil && is.form == string(form) {
			return is.key, nil
		}
	}
	key := p.prefix + p.hasher.Digest(data)
	p.remember(at, &known{string(form), key})
	return key, nil
}

// remember keeps a key in the place of the one that had the slot.
func (p *place) remember(at uint64, k *known) {
	all := p.known.Load()
	if all == nil {
		p.known.CompareAndSwap(nil, new([slots]atomic.Pointer[known]))
		all = p.known.Load()
	}
	all[at].Store(k)
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
