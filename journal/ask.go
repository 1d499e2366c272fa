package journal

import (
	"context"
	"time"

	"github.com/weirflow/weir/plan"
)

// Reply is what became of a request.
type Reply struct {
	// Value is the answer. Expired says that none came in time.
	Value   any
	Expired bool
}

// Ask gives what became of a request, of which r tells the id, the path and the question, and f what all requests of the step have in
// common; nil: nothing. While nobody has answered, it notes the request, so that it can be answered, and returns a *Pause.
func (l *Log) Ask(ctx context.Context, r Request, f *Form) (Reply, error) {
	if f == nil {
		f = &Form{}
	}
	l.mu.Lock()
	l.came()
	q := l.requests.get(r.ID)
	if q == nil {
		return l.begin(ctx, &r, f)
	}
	if q.state == waiting {
		if err := plan.Unrecorded(ctx); err != nil { // nobody waited for it any more
			q.part = 0
			l.mu.Unlock()
			return Reply{}, err
		}
	}
	q.take(f)
	q.part = l.part
	if l.replaying {
		return l.recall(ctx, q)
	}
	q.waits = q.state == waiting && !q.late()
	switch {
	case q.state == answered:
		defer l.mu.Unlock()
		return Reply{Value: q.value}, nil
	case q.state == expired:
		defer l.mu.Unlock()
		return Reply{Expired: true}, nil
	case q.waits:
		defer l.mu.Unlock()
		l.await(ctx, r.ID)
		return Reply{}, q.pause()
	}
	q.state = expired
	l.add(&Record{Type: Expired, Key: r.ID})
	if err := l.write(ctx); err != nil {
		return Reply{}, err
	}
	return Reply{Expired: true}, nil
}

// recall is what became of a request in a run that is only read. One whose time is over waits for as long as the run has not been told of
// that, and one that was answered elsewhere has the run go on: both stay what Ready looks for. The caller holds mu, which is free afterwards.
func (l *Log) recall(ctx context.Context, q *request) (Reply, error) {
	defer l.mu.Unlock()
	switch q.state {
	case answered:
		return Reply{Value: q.value}, nil
	case expired:
		return Reply{Expired: true}, nil
	}
	q.waits = true
	l.await(ctx, q.id)
	return Reply{}, q.pause()
}

// Asked gives a request as the run first made it; ok is false for one that it has not made.
func (l *Log) Asked(id string) (r Request, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q := l.requests.get(id); q != nil && q.known {
		return q.request(), true
	}
	return Request{}, false
}

// begin notes a request that the run comes to for the first time. The caller holds mu, which is free afterwards.
func (l *Log) begin(ctx context.Context, r *Request, f *Form) (Reply, error) {
	err := l.Missing(r.ID)
	if err == nil {
		err = plan.Unrecorded(ctx)
	}
	if err != nil {
		l.mu.Unlock()
		return Reply{}, err
	}
	q := &request{id: r.ID, path: r.Path, question: r.Question, form: f, known: true, checked: true, part: l.part, waits: true}
	q.asked = time.Now().Round(0)
	if f.Within > 0 {
		q.deadline = q.asked.Add(f.Within)
	}
	l.requests.add(q)
	l.await(ctx, r.ID)
	*r = q.request()
	l.add(&Record{Type: Requested, Key: r.ID, Path: r.Path, Request: r, At: r.Asked})
	if err := l.write(ctx); err != nil {
		return Reply{}, err
	}
	return Reply{}, q.pause()
}

// await lets the steps round the one that waits give the wait up.
func (l *Log) await(ctx context.Context, id string) {
	plan.NoteWait(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if q := l.requests.get(id); q != nil {
			q.part = 0
		}
	})
}

// Answer answers a request; the run goes on with it when it comes to it next. The error says why an answer is refused, and the run
// stays as it is then: plan.CodeNotFound for a request that the run does not wait for, CodeAnswered for a second answer, CodeLate
// after the deadline, CodeAnswer for a value that does not fit.
func (l *Log) Answer(ctx context.Context, id string, v any) error {
	l.mu.Lock()
	q := l.requests.get(id)
	err := l.refuses(id, q)
	var check func(any) (any, error)
	if err == nil {
		check = q.form.Check
	}
	l.mu.Unlock()
	if err != nil {
		return err
	}
	if check != nil { // it may be slow, and it is others' code
		if v, err = check(v); err != nil {
			return plan.Errorf(plan.CodeAnswer, "the answer to request %s does not fit: %w", id, err)
		}
	}
	l.mu.Lock()
	q = l.requests.get(id)
	if err := l.refuses(id, q); err != nil { // another was faster
		l.mu.Unlock()
		return err
	}
	q.state, q.value = answered, v
	l.add(&Record{Type: Answered, Key: id, Path: q.path, Value: v})
	if err = l.write(ctx); err != nil {
		l.mu.Lock()
		q.state, q.value = waiting, nil
		l.mu.Unlock()
	}
	return err
}

// Refusal says why a request takes no answer now, nil when it takes one.
func (l *Log) Refusal(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refuses(id, l.requests.get(id))
}

// refuses says why a request takes no answer, nil when it takes one. The caller holds mu.
func (l *Log) refuses(id string, q *request) error {
	switch {
	case q == nil:
		return plan.Errorf(plan.CodeNotFound, "run %s waits for no request %q", l.run, id)
	case q.state == answered:
		return plan.Errorf(plan.CodeAnswered, "request %s was answered already; the first answer counts", id)
	case q.state == expired, q.late():
		return plan.Errorf(plan.CodeLate, "request %s took answers until %s", id, q.deadline.Format(time.RFC3339))
	case !q.checked:
		return plan.Errorf(plan.CodeResume, "request %s cannot be checked before the run has come to it again; resume the run first", id)
	case !l.open(q):
		return plan.Errorf(plan.CodeNotFound, "run %s no longer waits for request %s: it went on without it", l.run, id)
	}
	return nil
}

// open says that the run waits for an answer to q as far as is known: the part that goes on may not have come to it yet. The caller
// holds mu.
func (l *Log) open(q *request) bool {
	return q.part > 0 && (q.part == l.part || l.driven && q.part == l.part-1)
}

// Ready says that a request was answered, or its time ended, after this part of the run had come to it in vain: there is no need to
// pause, another part can follow at once.
func (l *Log) Ready() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range l.requests {
		if q.part == l.part && q.waits && (q.state != waiting || q.late()) {
			return true
		}
	}
	return false
}

// Pending are the requests that wait for an answer, in no order.
func (l *Log) Pending() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []Request
	for _, q := range l.requests {
		if q.state == waiting && l.open(q) {
			list = append(list, q.request())
		}
	}
	return list
}

// Exchange is a request with its answer.
type Exchange struct {
	Request
	Answer any `json:"answer"`
}

// Answered are the requests that were answered, in no order.
func (l *Log) Answered() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []Exchange
	for _, q := range l.requests {
		if q.state == answered {
			list = append(list, Exchange{q.request(), q.value})
		}
	}
	return list
}
