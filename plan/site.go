package plan

import (
	"reflect"
	"strconv"
	"strings"
)

// Site is the place of one written step in a plan. Immutable.
type Site struct {
	// Index numbers the sites of a program from 0 in written order, parents before children.
	Index int
	// End is one past the last site below this one.
	End int
	// Parent is the step that this one stands in; nil at the top.
	Parent *Site
	// Segment is what the site adds to its parent's path.
	Segment string
	// Name, Kind and Source are the step's.
	Name, Kind, Source string
	// Path is the path as written, without round numbers: polish/score.
	Path string
	// Indexed says that what is below runs by number.
	Indexed bool
	// Derived says that the step is a sequence without layers: its record is made from those of its children.
	Derived bool
	// Streams says that the step may tell its output in parts while it makes it; see Frame.Chunks.
	Streams bool
	// In and Out are the step's types; nil: any.
	In, Out reflect.Type
	// Layers are the names of the layers round the step, outermost first.
	Layers []string
	// Analysis is what Compile found out about the step.
	Analysis Analysis

	// step is what was written here, layers what stands round it after the passes: for those who explain the plan.
	step   *Step
	layers []Layer
}

// Render gives the path with round numbers filled in, outermost first: polish[2]/score.
// Numbers that are missing are left out.
func (s *Site) Render(rounds []int32) string {
	if len(rounds) == 0 || s.Parent == nil {
		return s.Path
	}
	n := s.indexed()
	if n == 0 {
		return s.Path
	}
	var b strings.Builder
	s.render(&b, rounds, nil, n)
	return b.String()
}

// marks doubles what has a meaning in keys: ~ stands before an attempt, # before what a step decided.
var marks = strings.NewReplacer("~", "~~", "#", "##")

// Key gives the path with round numbers and, where a step was retried, the number of its attempt: polish~2[3]/score. tried
// gives the attempt of a site by its Index, 1 for the first. A name's own ~ and # are doubled. A key that is the path costs no memory.
func (s *Site) Key(rounds []int32, tried func(site int) int) string {
	if s.once(tried) && !strings.ContainsAny(s.Path, "~#") {
		return s.Path
	}
	var b strings.Builder
	s.render(&b, rounds, tried, s.indexed())
	return b.String()
}

// once says that s runs once in a run as far as it has come: neither by number nor in a further attempt. A site
// that adds nothing to the path does add to the key.
func (s *Site) once(tried func(int) int) bool {
	for p := s; p != nil; p = p.Parent {
		if p.Segment == "" || p != s && p.Indexed || tried(p.Index) > 1 {
			return false
		}
	}
	return true
}

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

// render writes the path of s; n is how many indexed ancestors it has.
func (s *Site) render(b *strings.Builder, rounds []int32, tried func(int) int, n int) {
	if s.Parent != nil {
		up := n
		if s.Parent.Indexed {
			up--
		}
		s.Parent.render(b, rounds, tried, up)
		if s.Parent.Indexed && up < len(rounds) && rounds[up] >= 0 {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(int(rounds[up])))
			b.WriteByte(']')
		}
		b.WriteByte('/')
	}
	if tried == nil {
		b.WriteString(s.Segment)
		return
	}
	b.WriteString(marks.Replace(s.Segment))
	if attempt := tried(s.Index); attempt > 1 {
		b.WriteByte('~')
		b.WriteString(strconv.Itoa(attempt))
	}
}
