package journal

import (
	"slices"
	"strings"
	"time"
)

// request is a request of the run as the Log knows it. A run that waits holds it for as long as that takes, so it is small.
type request struct {
	id, path, question string
	form               *Form
	asked, deadline    time.Time
	value              any // the answer

	// part is the last part of the run, as the Log counts them, that came to the request; 0: none. waits says that it found no answer.
	part  int32
	waits bool
	state requestState
	// known says that the record of the request is there; checked that the step has said in this process which answers fit.
	known, checked bool
}

// requestState says what became of a request.
type requestState uint8

const (
	waiting requestState = iota
	answered
	expired
)

// take takes the step's form. What was recorded is shown also where the step shows something else by now.
func (q *request) take(f *Form) {
	if q.form != nil && q.form != f && !q.form.shows(f) {
		kept := *q.form
		kept.Within, kept.Check = f.Within, f.Check
		f = &kept
	}
	q.form, q.checked = f, true
}

// request is the request as others see it.
func (q *request) request() Request {
	r := Request{ID: q.id, Path: q.path, Question: q.question, Asked: q.asked, Deadline: q.deadline}
	if f := q.form; f != nil {
		r.Schema, r.Options, r.Assignees = f.Schema, f.Options, f.Assignees
	}
	return r
}

// pause is the error of a step that waits for the answer.
func (q *request) pause() *Pause { return &Pause{ID: q.id, Question: q.question} }

// late says that the time for an answer is over.
func (q *request) late() bool { return !q.deadline.IsZero() && !time.Now().Before(q.deadline) }

// requests are those of a run, in order of their ids: most runs have few, and a list takes less than a map.
type requests []*request

// get gives the request with an id, nil where there is none.
func (l requests) get(id string) *request {
	if i, ok := l.find(id); ok {
		return l[i]
	}
	return nil
}

// add adds one whose id is new.
func (l *requests) add(q *request) {
	i, _ := l.find(q.id)
	*l = slices.Insert(*l, i, q)
}

func (l requests) find(id string) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(q *request, id string) int { return strings.Compare(q.id, id) })
}

// asked sorts in a record about a request; before is what was known when the journal was last read. The caller holds mu.
func (l *Log) asked(r *Record, before requests) {
	q := l.requests.get(r.Key)
	if q == nil {
		q = &request{id: r.Key}
		if b := before.get(r.Key); b != nil { // what no record holds
			q.form, q.checked, q.part, q.waits = b.form, b.checked, b.part, b.waits
		}
		l.requests.add(q)
	}
	switch r.Type {
	case Requested:
		q.state = waiting
		if r.Request != nil {
			q.record(r.Request)
		}
	case Answered:
		q.state, q.value = answered, r.Value
	case Expired:
		q.state = expired
	}
}

// record takes what the record of the request says.
func (q *request) record(r *Request) {
	q.known = r.ID == q.id
	q.path, q.question, q.asked, q.deadline = r.Path, r.Question, r.Asked, r.Deadline
	written := &Form{Schema: r.Schema, Options: r.Options, Assignees: r.Assignees}
	if q.form != nil {
		if q.form.shows(written) {
			return // one form serves all
		}
		written.Within, written.Check = q.form.Within, q.form.Check
	}
	q.form = written
}
