package hash

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hasher digests bytes. Implementations are safe for use by several goroutines.
type Hasher interface {
	// Digest gives a short text that differs for different data: printable, the same in every process. What is digested may
	// be made by strangers, and one who finds two data of one digest is given another's result.
	Digest(data []byte) string
}

// SHA256 is the default Hasher: 64 hexadecimal digits.
type SHA256 struct{}

// Digest gives the SHA-256 of data.
func (SHA256) Digest(data []byte) string {
	sum := sha256.Sum256(data)
	var digits [2 * sha256.Size]byte // hex.EncodeToString would allocate them twice
	hex.Encode(digits[:], sum[:])
	return string(digits[:])
}

// Of digests values one after the other, with h or, if it is nil, SHA256. The error says that a value has no canonical form.
func Of(h Hasher, values ...any) (string, error) {
	if h == nil {
		h = SHA256{}
	}
	data := []byte{version}
	var err error
	for _, v := range values {
		if data, err = Append(data, v); err != nil {
			return "", err
		}
	}
	return h.Digest(data), nil
}

// version begins what is digested. It changes with the canonical form, so that keys of an older one are never met again.
const version = 1
