package cache

import (
	"context"
	"time"
)

// Backend holds entries under keys. Implementations are safe for use by several goroutines.
type Backend interface {
	// Get gives the entry of a key; ok is false where there is none or its time is over. The entry belongs to the caller: what
	// is done to it changes no later one.
	Get(ctx context.Context, key string) (e Entry, ok bool, err error)
	// Put keeps an entry for a time: 0 is for ever, OwnTTL the time that the backend thinks right. The entry stays the
	// caller's: what is done to it later does not reach the backend. One that cannot be kept so is not kept, without an error.
	Put(ctx context.Context, key string, e Entry, ttl time.Duration) error
	// Clear forgets everything.
	Clear(ctx context.Context) error
}

// OwnTTL, as the time of an entry, leaves it to the backend: an hour for New unless its Config says otherwise.
const OwnTTL time.Duration = -1

// Nop is a Backend that keeps nothing.
type Nop struct{}

var _ Backend = Nop{}

// Get finds nothing.
func (Nop) Get(context.Context, string) (Entry, bool, error) { return Entry{}, false, nil }

// Put keeps nothing.
func (Nop) Put(context.Context, string, Entry, time.Duration) error { return nil }

// Clear has nothing to forget.
func (Nop) Clear(context.Context) error { return nil }
