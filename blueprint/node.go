package blueprint

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// node is a value of the document with its place. Aliases have become what they name, so one node may stand in several
// places; nothing changes it after it was made.
type node struct {
	position
	kind nodeKind
	// text is a scalar as written; value what it means: nil, bool, int, float64 or string.
	text  string
	value any
	style yaml.Style
	items []*node
	// entries of a mapping, in written order, each key once.
	entries []entry
	// size is the weight of the nodes at and below this one, depth their nesting, aliases written out.
	size, depth int
}

// entry is a key with its value.
type entry struct {
	key   string
	at    position
	value *node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	intNode
	floatNode
	textNode
	listNode
	mapNode
	// badNode is a scalar that means nothing; that was told.
	badNode
)

// String names the kind for people.
func (k nodeKind) String() string {
	return [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a list", "a map", "nothing"}[k]
}

// get gives the value of a key of a mapping, nil where there is none.
func (n *node) get(key string) *node {
	for _, e := range n.entries {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// describe says what a node is, for errors about its type.
func (n *node) describe() string {
	switch n.kind {
	case nullNode, listNode, mapNode:
		return n.kind.String()
	case textNode:
		return fmt.Sprintf("the text %s", quoted(n.text))
	}
	return n.text
}

// quoted is text for an error: in quotes, 40 characters of it.
func quoted(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:39]) + "…"
	}
	return strconv.Quote(visible(s))
}

// plain gives what a node means as a Go value, lists and maps anew.
func (n *node) plain() any {
	switch n.kind {
	case listNode:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	case mapNode:
		entries := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			entries[e.key] = e.value.plain()
		}
		return entries
	}
	return n.value
}

// The core schema of YAML 1.2.2, §10.3.2. It reads on, off, yes, no and dates as text, and 012 as twelve.
var (
	decimal  = regexp.MustCompile(`^[-+]?[0-9]+$`)
	octal    = regexp.MustCompile(`^0o[0-7]+$`)
	hex      = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	floating = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// resolve says what a plain scalar means. A number that Go cannot hold, and infinity and not-a-number, which JSON does not
// have, are mistakes.
func resolve(s string) (nodeKind, any, error) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return nullNode, nil, nil
	case "true", "True", "TRUE":
		return boolNode, true, nil
	case "false", "False", "FALSE":
		return boolNode, false, nil
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
		return floatNode, math.NaN(), fmt.Errorf("%s is not a number that JSON has; put it in quotes if it is text", s)
	}
	if len(s) > 0 && !('0' <= s[0] && s[0] <= '9') && s[0] != '-' && s[0] != '+' && s[0] != '.' {
		return textNode, s, nil
	}
	switch {
	case decimal.MatchString(s):
		return whole(s, s, 10)
	case octal.MatchString(s):
		return whole(s, s[2:], 8)
	case hex.MatchString(s):
		return whole(s, s[2:], 16)
	case floating.MatchString(s):
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return floatNode, f, fmt.Errorf("%s is out of the range of numbers; put it in quotes if it is text", quoted(s))
		}
		return floatNode, f, nil
	}
	return textNode, s, nil
}

func whole(written, digits string, base int) (nodeKind, any, error) {
	n, err := strconv.ParseInt(digits, base, strconv.IntSize)
	if err != nil {
		return intNode, 0, fmt.Errorf("%s is out of the range of whole numbers; put it in quotes if it is text", quoted(written))
	}
	return intNode, int(n), nil
}
