package human

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// kindName is the kind as blueprints, errors and metrics spell it.
const kindName = "human"

// node is the kind human.
type node struct{ spec Spec }

var (
	_ plan.Node     = (*node)(nil)
	_ plan.Analyser = (*node)(nil)
)

// Kind is "human".
func (*node) Kind() string { return kindName }

// Children is the step that runs when no answer came in time.
func (n *node) Children() []plan.Child {
	if n.spec.Otherwise.Step == nil {
		return nil
	}
	return []plan.Child{{Label: "instead", Step: n.spec.Otherwise.Step}}
}

// Analyse says that the step waits for somebody, and that another run must ask again.
func (*node) Analyse(a *plan.Analysis) { a.Waits, a.Cacheable = true, false }

// Build makes the op.
func (n *node) Build(b *plan.Builder) plan.Op {
	for _, err := range n.spec.mistakes {
		b.Fail(err)
	}
	if len(n.spec.mistakes) > 0 {
		return nil
	}
	q := &question{Spec: &n.spec, site: b.Site()}
	if n.spec.Otherwise.Step != nil {
		q.instead = b.Child(0)
	}
	q.form = &journal.Form{
		Schema: q.answers.shape, Options: q.Options, Assignees: q.Assignees, Within: q.Timeout,
		Check: func(v any) (any, error) { return q.answers.check(q.Options, v) },
	}
	if q.Approve {
		q.form.Options = []string{"approve", "reject"}
	}
	return q.run
}

// question is a step that asks, as it runs: immutable, shared by all runs.
type question struct {
	*Spec
	site    *plan.Site
	instead *plan.Block
	form    *journal.Form
}

// run is the op. What became of the request is in the journal, so the step need not be recorded itself.
func (q *question) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	log := journal.LogOf(ctx)
	if log == nil {
		return nil, plan.Errorf(plan.CodeConfig, "the step cannot wait: the run keeps no journal; this engine does not support steps that wait")
	}
	id := journal.RequestID(log.Run(), f.Key(q.site))
	r, known := log.Asked(id)
	if !known {
		text, err := q.question(ctx, in)
		if err != nil {
			return nil, unasked(ctx, err)
		}
		r = journal.Request{ID: id, Path: f.Path(q.site), Question: cut(text)}
	}
	f.Note(q.site, "request", r.ID)
	f.Note(q.site, "question", r.Question)
	reply, err := log.Ask(ctx, r, q.form)
	if err != nil {
		return nil, err
	}
	if reply.Expired {
		return q.late(ctx, f, in)
	}
	return q.answered(in, reply.Value)
}

// answered is what the step gives for an answer.
func (q *question) answered(in, answer any) (any, error) {
	if !q.Approve {
		return answer, nil
	}
	a, err := approved(answer)
	if err != nil {
		return nil, err
	}
	if a := a.(Approval); !a.Approved {
		if a.Comment != "" {
			return nil, plan.Errorf(plan.CodeRejected, "it was not approved: %s", a.Comment)
		}
		return nil, plan.Errorf(plan.CodeRejected, "it was not approved")
	}
	return in, nil
}

// late is what the step does when no answer came in time.
func (q *question) late(ctx context.Context, f plan.Frame, in any) (any, error) {
	f.Note(q.site, "exit_reason", "timeout")
	switch q.OnTimeout {
	case onDefault:
		answer, err := q.answers.check(q.Options, q.Default)
		if err != nil {
			return nil, err
		}
		return q.answered(in, answer)
	case onBranch:
		return f.Do(ctx, q.instead, -1, in)
	}
	return nil, plan.NoRetry(plan.Errorf(plan.CodeTimeout, "nobody answered within %v", q.Timeout))
}

// unasked is the failure of making a question: another attempt would make it again.
func unasked(ctx context.Context, err error) error {
	if plan.Final(err) || ctx.Err() != nil {
		return err
	}
	return plan.NoRetry(plan.Errorf(plan.CodePrompt, "the question: %w", err))
}

// rendered is the question of a blueprint. A template that cannot be rendered is shown as it is: the person may know more.
func (s *Spec) rendered(ctx context.Context, in any) (string, error) {
	if !s.Message.Set() {
		return textOf(in), nil
	}
	v, err := s.Message.Eval(ctx, spec.Vars{spec.VarPrevious: in})
	switch {
	case err == nil:
		return textOf(v), nil
	case plan.Final(err) || ctx.Err() != nil:
		return "", err
	}
	return fmt.Sprint(s.Message.Source), nil
}

// textOf is a value as people read it.
func textOf(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	}
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// cut bounds the length of a question.
func cut(text string) string {
	if len(text) <= MaxQuestion {
		return text
	}
	n := MaxQuestion
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
