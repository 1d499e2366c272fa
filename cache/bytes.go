package cache

import (
	"context"
	"fmt"
	"time"

	"github.com/weirflow/weir/codec"
)

// Store holds bytes under keys: what a backend outside of the process implements. It is safe for use by several goroutines.
// A key is the name of a step, a colon and what a Hasher gives.
type Store interface {
	// Get gives the bytes of a key; ok is false where there are none or their time is over.
	Get(ctx context.Context, key string) (data []byte, ok bool, err error)
	// Put keeps bytes for a time: 0 is for ever, OwnTTL what the store thinks right.
	Put(ctx context.Context, key string, data []byte, ttl time.Duration) error
	// Clear forgets everything.
	Clear(ctx context.Context) error
}

// Bytes is a Backend of a Store.
type Bytes struct {
	// Store holds the bytes.
	Store Store
	// Codec turns entries into bytes. Nil: that of the plan which the backend serves; outside of a plan, codec.Plain().
	Codec codec.Codec
}

var _ Backend = Bytes{}

// With is b with a codec, where it has none.
func (b Bytes) With(c codec.Codec) Backend {
	if b.Codec == nil {
		b.Codec = c
	}
	return b
}

// Get reads an entry. What the codec cannot read is an error.
func (b Bytes) Get(ctx context.Context, key string) (Entry, bool, error) {
	data, ok, err := b.Store.Get(ctx, key)
	if err != nil || !ok {
		return Entry{}, false, err
	}
	v, err := b.codec().Decode(data, nil)
	if err != nil {
		return Entry{}, false, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return Entry{}, false, fmt.Errorf("cache: the store holds a %T under %.200s, which is no entry", v, key)
	}
	return EntryOf(m), true, nil
}

// Put writes an entry. One that the codec cannot write is an error.
func (b Bytes) Put(ctx context.Context, key string, e Entry, ttl time.Duration) error {
	data, err := b.codec().Encode(e.Map())
	if err != nil {
		return err
	}
	return b.Store.Put(ctx, key, data, ttl)
}

// Clear clears the store.
func (b Bytes) Clear(ctx context.Context) error { return b.Store.Clear(ctx) }

func (b Bytes) codec() codec.Codec {
	if b.Codec == nil {
		return codec.Plain() // for one entry plans do not pay
	}
	return b.Codec
}
