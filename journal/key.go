package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// room is how long what a name is made of may be and still be put together without a temporary.
const room = 256

// Idempotent gives the idempotency key of one execution in a run. It is the same whenever the execution is tried or resumed.
func Idempotent(run, key string) string { return named("", run, "\n", key, 16) }

// RequestID is the id of the request that the execution with this key makes.
func RequestID(run, key string) string { return named("req_", run, "\n?", key, 8) }

// named gives the prefix, and so many bytes of what run and key have as a digest.
func named(prefix, run, between, key string, n int) string {
	var room [room]byte
	sum := sha256.Sum256(append(append(append(room[:0], run...), between...), key...))
	return string(hex.AppendEncode(append(room[:0], prefix...), sum[:n]))
}

// Round is the key of something that an execution does several times.
func Round(key, name string, round int) string {
	if round == 0 {
		return key + "#" + name
	}
	var room [room]byte
	b := append(append(append(append(room[:0], key...), '#'), name...), '[')
	return string(append(strconv.AppendInt(b, int64(round), 10), ']'))
}
