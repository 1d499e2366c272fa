package main

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/weirflow/weir/plan"
)

// output writes a run's output: text as it is, other values as JSON.
type output struct{ w io.Writer }

func (o output) write(v any) error {
	switch t := v.(type) {
	case nil:
		return nil
	case string:
		if t == "" || t[len(t)-1] != '\n' {
			t += "\n"
		}
		_, err := io.WriteString(o.w, t)
		return err
	}
	e := json.NewEncoder(o.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// answer prints a run's output: its text while the last step makes it, where that is wanted and can be done, and otherwise the
// whole at the end. It is not safe for use by several goroutines.
type answer struct {
	output
	// live asks for the text while it is made. Nothing else may be printed at the same place meanwhile.
	live  bool
	tells bool            // the plan's last step makes text and tells it
	text  strings.Builder // what was printed
	err   error
}

// expect looks for the step that tells the output while it makes it. The parts of a structured output are not printed: they are
// JSON as the model writes it, and the output is printed as weir writes it.
func (a *answer) expect(p *plan.Program) {
	for _, s := range p.Sites {
		a.tells = a.tells || s.Streams && s.Analysis.Text
	}
}

// Chunks says whether the parts of the answer are wanted.
func (a *answer) Chunks() bool { return a.live && a.tells }

// printed says that some of the answer was printed.
func (a *answer) printed() bool { return a.text.Len() > 0 }

// part prints a part of the answer.
func (a *answer) part(text string) {
	a.text.WriteString(text)
	if a.err == nil {
		_, a.err = io.WriteString(a.w, text)
	}
}

// finish prints what is left of the output: all of it, or the end of its line. A step that asked twice has told its first answer
// only; the output is printed below it then. There is no output when the run failed.
func (a *answer) finish(v any, failed bool) error {
	if told := a.text.String(); told != "" {
		if a.err == nil && !strings.HasSuffix(told, "\n") {
			_, a.err = io.WriteString(a.w, "\n")
		}
		if text, ok := v.(string); a.err != nil || ok && text == told {
			return a.err
		}
	}
	if failed {
		return nil
	}
	return a.write(v)
}
