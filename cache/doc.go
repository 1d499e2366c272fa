// Package cache keeps results of steps. A Backend holds entries under keys; New makes the default one, in memory, bounded and
// least recently used first. Bytes makes one of a Store of bytes, such as a database, with a codec. Flights lets one of
// several callers that ask for the same key at the same time do the work for all.
//
// The layer that uses them is package layer/cache.
package cache
