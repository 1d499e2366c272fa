package codec

import "math/bits"

// The bytes of a word, each one, and each with its highest bit.
const ones, highs = 0x0101010101010101, 0x8080808080808080

// below marks the bytes of a word that are less than n, which is at most 128, by their highest bits. It may mark bytes above the
// first one that is, too ("Bit Twiddling Hacks", S. E. Anderson).
func below(word, n uint64) uint64 { return (word - ones*n) &^ word & highs }

// special marks the bytes of a word that a text of JSON does not have as they are: quotes, backslashes and control characters.
func special(word uint64) uint64 {
	return below(word, ' ') | below(word^ones*'"', 1) | below(word^ones*'\\', 1)
}

// wordAt gives eight bytes.
func wordAt[T string | []byte](s T, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// ordinary is how many bytes s begins with that are written as they are, and are ASCII. It may stop up to seven before the first
// one that is not.
func ordinary(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if word := wordAt(s, i); special(word)|word&highs != 0 {
			return i
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			return i
		}
	}
	return i
}

// untilSpecial is where the first byte from at on stands that a text does not have as it is; the length for none.
func untilSpecial[T string | []byte](s T, at int) int {
	for ; at+8 <= len(s); at += 8 {
		if marks := special(wordAt(s, at)); marks != 0 {
			return at + bits.TrailingZeros64(marks)/8
		}
	}
	for ; at < len(s); at++ {
		if c := s[at]; c < ' ' || c == '"' || c == '\\' {
			return at
		}
	}
	return at
}
