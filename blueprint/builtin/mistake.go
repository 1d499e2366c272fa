package builtin

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// KeyError is one mistake in how a built-in is written. Its code is plan.CodeConfig.
type KeyError struct {
	// Function is the built-in's name, Key the key that is wrong: dotted, and with a number in a list, as in metrics[2].op.
	Function, Key string
	// Text says what is wrong and what to write.
	Text string
}

// Error gives "function: key: text".
func (e *KeyError) Error() string { return e.Function + ": " + e.Key + ": " + e.Text }

// ErrorCode is plan.CodeConfig.
func (e *KeyError) ErrorCode() plan.Code { return plan.CodeConfig }

// mistakes collects what Build finds.
type mistakes struct {
	function string
	list     []error
}

// add notes one mistake.
func (m *mistakes) add(key, format string, args ...any) {
	m.list = append(m.list, &KeyError{Function: m.function, Key: key, Text: fmt.Sprintf(format, args...)})
}

// err joins them; nil when there are none.
func (m *mistakes) err() error { return errors.Join(m.list...) }

// choose checks a word against a list; an empty one is the first of the list.
func (m *mistakes) choose(key, word string, words ...string) string {
	word = cmp.Or(word, words[0])
	if !slices.Contains(words, word) {
		m.add(key, "%q is not one of %s", word, strings.Join(words, ", "))
	}
	return word
}

// bounded checks a number that must be from 1 to a ceiling; zero is the default, cut to the ceiling.
func bounded[N int | int64](m *mistakes, key string, asked, fallback, ceiling N) N {
	switch {
	case asked == 0:
		return min(fallback, ceiling)
	case asked < 0:
		m.add(key, "%d is not a limit; write a number from 1 to %d", asked, ceiling)
	case asked > ceiling:
		m.add(key, "%d is above the %d that is allowed here", asked, ceiling)
	}
	return asked
}
