package journal

import (
	"time"

	"github.com/weirflow/weir/usage"
)

// A Record has room for all that a record of any type can say, 320 bytes, and most records say little of it. Memory keeps them packed: numbers and
// short texts as bytes, one record after the other, and beside the bytes a list of what is shared, is long, or has a type of its own.
// Nothing but this package reads the bytes, and they never leave the process.

// The types as a packed record names them; its first byte is the place in this list, or otherType.
var packedTypes = [...]Type{RunStarted, RunResumed, RunPaused, RunCompleted, RunFailed, RunCanceled,
	StepCompleted, StepFailed, Decided, Requested, Answered, Expired}

const otherType = 0xff

// What a packed record holds. The most frequent come first: the number takes a byte for each seven.
const (
	hasKey = 1 << iota
	hasPath
	pathIsKey
	hasValue
	oneAttempt // Attempt is 1
	hasElapsed
	hexKey // Idempotency is 32 digits, as Idempotent makes them
	atLocal
	atOther // its place stands among the values
	hasFailure
	hasRequest
	hasUsage
	hasPlan
	hasState
	hasNotes
	hasAttempt
	hasIdempotency
	isKept
	hasLimits
	hasVersion // it is not Version
)

// maxInline is the length from which on a text is no longer copied between the bytes: it shares memory with whoever wrote it.
const maxInline = 64

// The values that are packed as bytes; every other is a copy in the list.
const (
	listed = iota
	textual
	whole
	no
	yes
)

// What a packed failure holds beside its code and text.
const (
	permanent = 1 << iota
	hasCodes
	hasClass
	hasAfter
	hasPlace
	isPause // its text is that of a Pause, of which the question is kept
)

// What a packed request holds beside its question.
const (
	idIsKey    = 1 << iota // its id is the record's key
	pathIsPath             // its path is the record's
	askedIsAt              // it was asked when the record says
	hasDeadline
	hasForm
)

// epoch is where packed times begin, 2026-01-01: what is near it takes few bytes.
const epoch = 1_767_225_600

// contents says what of a record there is to pack.
func (r *Record) contents() (has uint32) {
	note := func(is bool, what uint32) {
		if is {
			has |= what
		}
	}
	note(r.Key != "", hasKey)
	note(r.Path != "" && r.Path == r.Key, pathIsKey)
	note(r.Path != "" && r.Path != r.Key, hasPath)
	note(r.Value != nil, hasValue)
	note(r.Attempt == 1, oneAttempt)
	note(r.Attempt != 1 && r.Attempt != 0, hasAttempt)
	note(r.Elapsed != 0, hasElapsed)
	digest := isDigest(r.Idempotency)
	note(digest, hexKey)
	note(!digest && r.Idempotency != "", hasIdempotency)
	local, other := place(r.At)
	note(local, atLocal)
	note(other, atOther)
	note(r.Failure != nil, hasFailure)
	note(r.Request != nil, hasRequest)
	note(r.Usage != usage.Usage{}, hasUsage)
	note(r.Plan != "", hasPlan)
	note(r.State != nil, hasState)
	note(r.Notes != nil, hasNotes)
	note(r.Kept, isKept)
	note(r.Limits != usage.Limits{}, hasLimits)
	note(r.Version != Version, hasVersion)
	return has
}

// place says where a time was read: neither is UTC.
func place(t time.Time) (local, other bool) {
	switch t.Location() {
	case time.Local:
		return true, false
	case time.UTC:
		return false, false
	}
	return false, true
}

// packedType is the number of a type.
func packedType(t Type) byte {
	for i := range packedTypes {
		if packedTypes[i] == t {
			return byte(i)
		}
	}
	return otherType
}

// digits are the values of the digits in base 16, in small letters; of other bytes 0xff.
var digits = func() (of [256]byte) {
	for i := range of {
		of[i] = 0xff
	}
	for i, c := range []byte("0123456789abcdef") {
		of[c] = byte(i)
	}
	return of
}()

// isDigest says that a text is 32 digits of a number in base 16, in small letters.
func isDigest(s string) bool {
	if len(s) != 32 {
		return false
	}
	seen := byte(0)
	for i := range len(s) {
		seen |= digits[s[i]]
	}
	return seen < 16
}
