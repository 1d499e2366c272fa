package main

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// page is text wrapped to a width, in colour or not.
type page struct {
	b      bytes.Buffer
	width  int
	colour bool
}

// narrowest is how few columns are left for text at least, however far it is indented.
const narrowest = 30

// line writes a line as it is; with no parts an empty one.
func (p *page) line(parts ...string) {
	p.b.WriteString(strings.Join(parts, ""))
	p.b.WriteByte('\n')
}

// text writes a paragraph after a label, which is padded to a width; further lines stand below its first word.
func (p *page) text(indent int, label string, padded int, text string) {
	left := indent + padded
	p.b.WriteString(strings.Repeat(" ", indent))
	p.b.WriteString(p.paint(dim, label))
	p.b.WriteString(strings.Repeat(" ", max(0, padded-utf8.RuneCountInString(label))))
	at := left
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > max(p.width, left+narrowest):
			p.b.WriteByte('\n')
			p.b.WriteString(strings.Repeat(" ", left))
			at = left
		default:
			p.b.WriteByte(' ')
			at++
		}
		p.b.WriteString(word)
		at += n
	}
	p.b.WriteByte('\n')
}

// paint colours text on a terminal.
func (p *page) paint(code, text string) string {
	if !p.colour || text == "" || code == plainColour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// sentence makes a fragment a sentence.
func sentence(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if text == "" {
		return ""
	}
	return strings.ToUpper(string(r)) + strings.TrimSuffix(text[size:], ".") + "."
}
