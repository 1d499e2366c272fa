package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/schema"
)

// asker asks whoever sits at the terminal what a run asks of people.
type asker struct {
	in  *bufio.Reader
	out io.Writer
	// hold keeps the view from drawing over the conversation, and gives what lets it go on.
	hold func() (release func())
}

// holder is a view that redraws what is on the screen.
type holder interface{ hold() (release func()) }

// newAsker makes the asker of a run, nil where nobody sits at a terminal.
func newAsker(t terminal, v view) *asker {
	if !isTerminal(t.in) || !isTerminal(t.err) {
		return nil
	}
	a := &asker{in: bufio.NewReader(t.in), out: t.err, hold: func() func() { return func() {} }}
	if h, ok := v.(holder); ok {
		a.hold = h.hold
	}
	return a
}

// maxAnswer is how long a line of an answer may be.
const maxAnswer = 1 << 20

// answer asks until there is an answer that the request takes. An end of input leaves the request open.
func (a *asker) answer(ctx context.Context, r weir.Request) (any, error) {
	defer a.hold()()
	fmt.Fprintf(a.out, "\n%s asks:\n%s\n", r.Path, indented(r.Question))
	for i, o := range r.Options {
		fmt.Fprintf(a.out, "  %d) %s\n", i+1, o)
	}
	if hint := wanted(r); hint != "" {
		fmt.Fprintln(a.out, hint)
	}
	for {
		fmt.Fprint(a.out, "> ")
		line, err := a.line(ctx)
		if err != nil {
			fmt.Fprintln(a.out)
			return nil, err
		}
		v, wrong := read(r, line)
		if wrong == "" {
			return v, nil
		}
		fmt.Fprintln(a.out, wrong)
	}
}

// line reads a line. It returns when ctx ends, too; what reads then is left behind, for the process is about to end.
func (a *asker) line(ctx context.Context) (string, error) {
	type got struct {
		text string
		err  error
	}
	c := make(chan got, 1)
	go func() {
		text, err := a.in.ReadString('\n')
		c <- got{text, err}
	}()
	select {
	case g := <-c:
		text := strings.TrimRight(g.text, "\r\n")
		if g.err != nil && text == "" {
			return "", weir.ErrPaused // nobody is there any more
		}
		return text[:min(len(text), maxAnswer)], nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// read makes an answer of a line: an option by its number or name, text where text is asked for, else JSON. What cannot be right
// is said.
func read(r weir.Request, line string) (v any, wrong string) {
	text := strings.TrimSpace(line)
	if len(r.Options) > 0 {
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(r.Options) {
			return r.Options[n-1], ""
		}
		for _, o := range r.Options {
			if strings.EqualFold(o, text) {
				return o, ""
			}
		}
		return nil, "Give one of the numbers or words above."
	}
	if typeOf(r) == "string" || typeOf(r) == "" && !json.Valid([]byte(text)) {
		return line, ""
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, "That is no JSON: " + err.Error()
	}
	// An answer that the step refuses would end the command: whoever sits there is to have another try.
	if s, err := schema.Parse(r.Schema); err == nil && len(r.Schema) > 0 {
		var fitted any
		if err := s.Convert(v, &fitted); err != nil {
			return nil, "That does not fit: " + err.Error()
		}
	}
	return json.RawMessage(text), ""
}

// typeOf is the type that a request's schema asks for, "" where it does not say.
func typeOf(r weir.Request) string {
	var s struct {
		Type any `json:"type"`
	}
	if json.Unmarshal(r.Schema, &s) != nil {
		return ""
	}
	t, _ := s.Type.(string)
	return t
}

// wanted tells what an answer looks like, where that is not plain.
func wanted(r weir.Request) string {
	if len(r.Options) > 0 || len(r.Schema) == 0 || typeOf(r) == "string" {
		return ""
	}
	return "The answer is JSON that fits: " + string(r.Schema)
}

// indented puts two blanks before each line.
func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// waiting tells what a run waits for.
func waiting(w io.Writer, r *weir.Result[any]) {
	for _, q := range r.Pending {
		fmt.Fprintf(w, "waits for an answer: %s (%s)\n%s\n", q.Path, q.ID, indented(q.Question))
		if len(q.Options) > 0 {
			fmt.Fprintf(w, "  one of: %s\n", strings.Join(q.Options, ", "))
		}
	}
}
