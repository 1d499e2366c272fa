package schema

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weirflow/weir/plan"
)

const (
	// MaxProblems is how many problems an error tells. Check and Error.Problems hold one more when there are more.
	MaxProblems = 20
	// maxProblem is how long the text of a problem may be, in bytes: what somebody wrote can stand in it.
	maxProblem = 300
)

// Problem is one thing that is wrong with a value.
type Problem struct {
	// Place is where in the value: "items[2].name"; empty for the value as a whole.
	Place string
	// Text says what is wrong, on one line of at most 300 bytes.
	Text string
}

// String tells the problem and its place.
func (p Problem) String() string { return p.In("the value") }

// In tells the problem and its place; whole is what the value as a whole is called, such as "the answer".
func (p Problem) In(whole string) string {
	if p.Place == "" {
		return excerpt(whole+": "+p.Text, maxProblem)
	}
	return excerpt(excerpt(p.Place, maxProblem)+": "+p.Text, maxProblem)
}

// newProblem makes one line of an error.
func newProblem(place string, err error) Problem {
	return Problem{Place: place, Text: excerpt(strings.Join(strings.Fields(err.Error()), " "), maxProblem)}
}

// Error says that a value does not match its schema. It matches plan.ErrValidation.
type Error struct {
	// Problems are everything that is wrong, at most MaxProblems+1.
	Problems []Problem
}

// Error tells the problems.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == MaxProblems {
			fmt.Fprintf(&b, "; and %d more", len(e.Problems)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// ErrorCode is plan.CodeValidation.
func (*Error) ErrorCode() plan.Code { return plan.CodeValidation }

// Is matches plan.ErrValidation and every other error of its code.
func (*Error) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodeValidation
}

// excerpt is the beginning of a text, cut between letters.
func excerpt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
