package plan

import (
	"strconv"
	"strings"
)

// room is how long a path may be and still be made without a temporary.
const room = 256

// Render gives the path with round numbers filled in, outermost first: polish[2]/score. Numbers that are missing are left out. It
// allocates the text, and nothing where no number stands in it.
func (s *Site) Render(rounds []int32) string {
	if len(rounds) == 0 || s.Parent == nil {
		return s.Path
	}
	n := s.indexed()
	if n == 0 {
		return s.Path
	}
	var text [room]byte
	return s.text(s.append(text[:0], rounds, nil, n))
}

// Key gives the path with round numbers and, where a step was retried, the number of its attempt: polish~2[3]/score. tried
// gives the attempt of a site by its Index, 1 for the first. A name's own ~ and # are doubled. It allocates the text, and nothing where
// that is the path as written.
func (s *Site) Key(rounds []int32, tried func(site int) int) string {
	var text [room]byte
	return s.text(s.append(text[:0], rounds, tried, s.indexed()))
}

// text gives the path as written where it is what was made.
func (s *Site) text(made []byte) string {
	if string(made) == s.Path {
		return s.Path
	}
	return string(made)
}

// marks doubles what has a meaning in keys: ~ stands before an attempt, # before what a step decided.
var marks = strings.NewReplacer("~", "~~", "#", "##")

// indexed counts the sites round s that run what is below them by number.
func (s *Site) indexed() int {
	n := 0
	for p := s.Parent; p != nil; p = p.Parent {
		if p.Indexed {
			n++
		}
	}
	return n
}

// append writes the path of s; n is how many indexed ancestors it has. tried is nil where attempts do not count.
func (s *Site) append(b []byte, rounds []int32, tried func(int) int, n int) []byte {
	if s.Parent != nil {
		up := n
		if s.Parent.Indexed {
			up--
		}
		b = s.Parent.append(b, rounds, tried, up)
		if s.Parent.Indexed && up < len(rounds) && rounds[up] >= 0 {
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(rounds[up]), 10)
			b = append(b, ']')
		}
		b = append(b, '/')
	}
	if tried == nil {
		return append(b, s.Segment...)
	}
	b = append(b, marks.Replace(s.Segment)...)
	if attempt := tried(s.Index); attempt > 1 {
		b = append(b, '~')
		b = strconv.AppendInt(b, int64(attempt), 10)
	}
	return b
}
