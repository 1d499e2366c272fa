package weir

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

// Request is what a run asks of a person.
type Request = journal.Request

// Exchange is a request with its answer.
type Exchange = journal.Exchange

// PausedError says that a run waits for a person: it is what Run and Do return then. errors.Is(err, ErrPaused) holds. Go on with
// Plan.Resume and the run's id, or answer as the run goes on with the option Answers.
type PausedError struct {
	// ID is the run's.
	ID string
	// Pending are the requests that wait, in the order of their paths.
	Pending []Request
}

// Error tells the run and the first question.
func (e *PausedError) Error() string {
	text := "weir: run " + e.ID + " waits for an answer"
	if len(e.Pending) > 0 {
		text += " at " + e.Pending[0].Path + ": " + e.Pending[0].Question
	}
	if n := len(e.Pending); n > 1 {
		text += " (and " + strconv.Itoa(n-1) + " more)"
	}
	return text
}

// ErrorCode is plan.CodePaused.
func (*PausedError) ErrorCode() plan.Code { return plan.CodePaused }

// Is matches ErrPaused.
func (*PausedError) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodePaused
}

// ordered sorts requests by their paths: steps as they are written, rounds and items by number.
func ordered(p *plan.Program, list []Request) []Request {
	if len(list) < 2 {
		return list
	}
	index := make(map[string]int, len(p.Sites))
	for _, s := range p.Sites {
		index[s.Path] = s.Index
	}
	places := make(map[string][]int, len(list))
	for _, r := range list {
		places[r.ID] = place(index, r.Path)
	}
	slices.SortFunc(list, func(a, b Request) int {
		return cmp.Or(slices.Compare(places[a.ID], places[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// answered are the requests of a run that were answered, in the order of their paths.
func answered(c *course) []Exchange {
	done := c.log.Answered()
	if len(done) == 0 {
		return nil
	}
	byID := make(map[string]any, len(done))
	asked := make([]Request, len(done))
	for i, e := range done {
		byID[e.ID], asked[i] = e.Answer, e.Request
	}
	for i, r := range ordered(c.program, asked) {
		done[i] = Exchange{Request: r, Answer: byID[r.ID]}
	}
	return done
}

// place is where a path stands: for each segment the number of its site and that of its round.
func place(index map[string]int, path string) []int {
	var at []int
	written := ""
	for segment := range strings.SplitSeq(path, "/") {
		name, round, _ := strings.Cut(segment, "[")
		if written != "" {
			written += "/"
		}
		written += name
		n, _ := strconv.Atoi(strings.TrimSuffix(round, "]"))
		at = append(at, index[written], n)
	}
	return at
}
