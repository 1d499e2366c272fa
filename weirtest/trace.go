// Package weirtest is what programs that use weir call in their own tests: traces of runs as text, golden files, a context with
// run state, and a model that answers from a script (see model/modeltest).
package weirtest

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/usage"
)

// Trace compiles and runs a pipeline and gives what happened as text: a line a step in written order, with its status, its
// count and what it used, and the answer or the error at the end. It holds no times, ids or addresses, so that the same run
// gives the same text. A pipeline that does not compile fails the test.
func Trace[I, O any](t testing.TB, s weir.Step[I, O], in I, opts ...weir.RunOption) string {
	t.Helper()
	return TraceWith(t, s, nil, in, opts...)
}

// TraceWith is Trace with a Config.
func TraceWith[I, O any](t testing.TB, s weir.Step[I, O], c *weir.Config, in I, opts ...weir.RunOption) string {
	t.Helper()
	p, err := weir.Compile(s, c)
	if err != nil {
		t.Fatalf("the pipeline does not compile: %v", err)
	}
	r, err := p.Execute(t.Context(), in, opts...)
	return Render(r, err)
}

// Render gives the text of a run that was executed.
func Render[O any](r *weir.Result[O], err error) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range r.Steps {
		line(w, s)
	}
	switch {
	case err != nil:
		fmt.Fprintf(w, "error: %v\n", err)
	case r.Status == weir.Paused:
		fmt.Fprint(w, waiting(r.Pending))
	default:
		fmt.Fprintf(w, "output: %v\n", r.Output)
	}
	w.Flush()
	return trim(b.String())
}

// line writes a step and those below it.
func line(w *tabwriter.Writer, s weir.StepResult) {
	facts := []string{}
	if n := s.Count(); n != 1 {
		facts = append(facts, fmt.Sprintf("x%d", n))
	}
	if n := s.Failures(); n > 0 && s.Count() > 1 {
		facts = append(facts, fmt.Sprintf("%d failed", n))
	}
	if n := s.Attempts(); n > s.Count() {
		facts = append(facts, fmt.Sprintf("attempts %d", n))
	}
	if ran := s.Ran(); ran != s.Name() {
		facts = append(facts, "ran "+ran)
	}
	if u := s.Usage(); u.Tokens() > 0 {
		facts = append(facts, fmt.Sprintf("tokens %d", u.Tokens()))
	}
	if u := s.Usage(); u.Cost > 0 {
		facts = append(facts, usage.FormatCost(u.Cost))
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", s.Path(), s.Status(), strings.Join(facts, "  "))
	for _, c := range s.Steps() {
		line(w, c)
	}
}

// trim takes the blanks from the ends of lines, where a column was empty.
func trim(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}
