package blueprint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// place gives the position in the source of a character of a scalar's text, for the mistakes of expressions. Text and
// source differ by quotes, escapes, indentation and folded lines; the source is followed until it has given so much text.
func (s *source) place(n *node, offset int) position {
	if n.kind != textNode || n.line < 1 || n.line > len(s.starts) {
		return n.position
	}
	f := follower{style: n.style, at: n.position, text: s.text[s.starts[n.line-1]:]}
	for range n.column - 1 {
		f.step()
	}
	f.at = n.position
	switch {
	case n.style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		f.step()
	case n.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		for f.rune() != '\n' && f.rune() != utf8.RuneError {
			f.step()
		}
		f.step()
	}
	for i, r := range []rune(n.text) {
		if !f.find(r) {
			return n.position
		}
		if i == offset {
			break
		}
		f.take()
	}
	return f.at
}

// follower goes through the source of a scalar.
type follower struct {
	style yaml.Style
	at    position
	text  []byte
}

// rune is the next character, utf8.RuneError at the end.
func (f *follower) rune() rune {
	r, _ := utf8.DecodeRune(f.text)
	return r
}

// step goes on by one character.
func (f *follower) step() {
	r, size := utf8.DecodeRune(f.text)
	f.text = f.text[size:]
	f.at.column++
	if r == '\n' {
		f.at = position{f.at.line + 1, 1}
	}
}

// find goes on to where a character of the text comes from: past indentation, and past the line ends that folding drops.
func (f *follower) find(want rune) bool {
	for len(f.text) > 0 {
		r := f.rune()
		switch {
		case f.style&yaml.DoubleQuotedStyle != 0 && strings.HasPrefix(string(f.text[:min(2, len(f.text))]), "\\\n"):
			f.step() // an escaped line end gives nothing
		case r == want, f.escape() > 0, want == ' ' && r == '\n':
			return true
		case !unicode.IsSpace(r):
			return false
		}
		f.step()
	}
	return false
}

// take goes on past the character that find found.
func (f *follower) take() {
	for range max(1, f.escape()) {
		f.step()
	}
}

// escape gives the length of the escape that stands here, 0 where there is none.
func (f *follower) escape() int {
	switch {
	case f.style&yaml.SingleQuotedStyle != 0 && len(f.text) > 1 && f.text[0] == '\'' && f.text[1] == '\'':
		return 2
	case f.style&yaml.DoubleQuotedStyle == 0 || len(f.text) < 2 || f.text[0] != '\\':
		return 0
	}
	switch f.text[1] {
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	}
	return 2
}
