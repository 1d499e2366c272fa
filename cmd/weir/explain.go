package main

import (
	"encoding/json"
	"os"

	"golang.org/x/term"

	"github.com/weirflow/weir/usage"
)

// explainCommand says what a pipeline does and what weir made of it.
type explainCommand struct {
	source
	JSON bool `help:"Print JSON with the same facts."`
}

// Help is the long help.
func (*explainCommand) Help() string {
	return `Says in plain words what each step does, which layers stand round it (outermost first), what weir knows of it, and where it was written. ` +
		`A summary on top says which models are asked, what is read, written and sent, and where a run can wait for a person. Nothing is run.

  weir explain pipeline.yaml
  weir explain pipeline.yaml --json
  weir explain pipeline.yaml --without all`
}

// Run explains it.
func (c *explainCommand) Run(t terminal) error {
	l, err := c.load(nil, usage.Limits{})
	if err != nil {
		return err
	}
	defer l.close()
	e := explain(c.File, l)
	if c.JSON {
		j := json.NewEncoder(t.out)
		j.SetEscapeHTML(false)
		return j.Encode(e)
	}
	page := &page{width: defaultWidth}
	if isTerminal(t.out) {
		page.width, page.colour = columns(t.out), os.Getenv("NO_COLOR") == ""
	}
	e.write(page)
	_, err = page.b.WriteTo(t.out)
	return err
}

// defaultWidth is how many columns are written to what is no terminal.
const defaultWidth = 100

// columns is the width of a terminal.
func columns(out any) int {
	if f, ok := out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 40 {
			return w
		}
	}
	return defaultWidth
}
