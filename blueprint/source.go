package blueprint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	// maxSource is the size of the largest blueprint, in bytes; maxLine that of its longest line.
	maxSource = 4 << 20
	maxLine   = 1 << 20
	// shownLine is how many characters of a line a snippet shows.
	shownLine = 100
)

// position is a place in a source; line and column count from 1, column in characters.
type position struct{ line, column int }

// source is a blueprint as text.
type source struct {
	name string
	text []byte
	// starts has the offset of each line.
	starts []int
}

// newSource cuts text into lines.
func newSource(name string, text []byte) *source {
	s := &source{name: name, text: text, starts: []int{0}}
	for i, c := range text {
		if c == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
	return s
}

// readSource reads a file of at most maxSource bytes.
func readSource(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, unreadable(path, errors.New("it is a folder; name the file in it"))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	return text, nil
}

// unreadable says why a file cannot be read, without the path twice.
func unreadable(path string, err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		text = "the file may not be read by this user"
	default:
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			text = pathErr.Err.Error()
		}
	}
	return Errors{{File: path, Text: text, Stage: Read}}
}

// line gives a line without its end, from 1; nil where there is none.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.starts) {
		return nil
	}
	end := len(s.text)
	if n < len(s.starts) {
		end = s.starts[n] - 1
	}
	return bytes.TrimSuffix(s.text[s.starts[n-1]:end], []byte("\r"))
}

// check finds what makes a source no text for a YAML reader.
func (s *source) check(p *problems) {
	refuse := func(at position, format string, args ...any) {
		p.add(at, Error{Stage: Read, Text: fmt.Sprintf(format, args...)})
	}
	if len(s.text) > maxSource {
		refuse(position{}, "the file is larger than %d MiB", maxSource>>20)
		return
	}
	for n := 1; n <= len(s.starts); n++ {
		line := s.line(n)
		if len(line) > maxLine {
			refuse(position{n, 1}, "the line is longer than %d MiB", maxLine>>20)
			return
		}
		if at := strange(line); at >= 0 {
			pos := position{n, utf8.RuneCount(line[:at]) + 1}
			if r, size := utf8.DecodeRune(line[at:]); r == utf8.RuneError && size == 1 {
				refuse(pos, "the file is not UTF-8: byte %#x", line[at])
			} else {
				refuse(pos, "the control character %U may not stand in a blueprint", r)
			}
			return
		}
	}
	if parts := separators(s.text); parts > maxSeparators {
		refuse(position{}, "the file has too many parts (%d commas, colons and line ends; at most %d)", parts, maxSeparators)
	}
}

// strange gives the offset of the first byte that is not UTF-8, or of a control character; -1: there is none.
func strange(line []byte) int {
	for i := 0; i < len(line); {
		if c := line[i]; c >= ' ' && c < 0x7f || c == '\t' || c == '\r' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(line[i:])
		if size == 1 || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff {
			return i
		}
		i += size
	}
	return -1
}

// separators counts what parts nodes from each other. It bounds from above, cheaply, what the YAML reader would build.
func separators(text []byte) int {
	n := 0
	for _, c := range text {
		switch c {
		case '\n', ',', ':', '[', '{', '?':
			n++
		}
	}
	return n
}

// lastDocument gives the position of the last line that begins a document.
func (s *source) lastDocument() position {
	for n := len(s.starts); n > 1; n-- {
		if bytes.HasPrefix(s.line(n), []byte("---")) {
			return position{n, 1}
		}
	}
	return position{1, 1}
}

// where names a position: file:line:column.
func (s *source) where(at position) string {
	return fmt.Sprintf("%s:%d:%d", s.name, at.line, at.column)
}

// snippet shows the line at a position and a caret under the place; of a long line the part round it.
func (s *source) snippet(at position) string {
	line := s.line(at.line)
	if at.line < 1 || len(line) > maxLine || !utf8.Valid(line) {
		return ""
	}
	text := []rune(strings.ReplaceAll(string(line), "\t", " "))
	column := min(max(at.column, 1), len(text)+1)
	from := max(0, column-1-shownLine/2)
	if len(text) <= shownLine {
		from = 0
	}
	shown := text[from:min(len(text), from+shownLine)]
	margin := fmt.Sprintf("%5d | ", at.line)
	return margin + strings.TrimRight(visible(string(shown)), " ") + "\n" + strings.Repeat(" ", len(margin)-2) + "| " +
		strings.Repeat(" ", column-1-from) + "^"
}
