package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// initCommand writes a small project that runs at once.
type initCommand struct {
	Dir      string `arg:"" optional:"" default:"." help:"The folder; it is made if it is not there (default: the current one)." placeholder:"DIR"`
	Template string `enum:"yaml,go" default:"yaml" help:"yaml: a pipeline for this command; go: a typed Go program."`
	Force    bool   `help:"Replace files that are there."`
	Weir     string `help:"For --template go: the folder with weir's source (default: found from the folder, the current one or this binary)." placeholder:"DIR"`
}

// Help is the long help.
func (*initCommand) Help() string {
	return `Writes a small project that runs offline: a pipeline with a map, parallel branches, a condition, and an agent whose fallback answers where ` +
		`no model does; its input, a README, and the schema for editors. Nothing that is there is overwritten without --force: either all files are written or none.

  weir init feedback
  weir init --template go feedback`
}

// Run writes it and says what to do next.
func (c *initCommand) Run(t terminal) error {
	p, err := newProject(c)
	if err != nil {
		return err
	}
	if err := p.write(c.Force); err != nil {
		return err
	}
	for _, f := range p.files {
		fmt.Fprintln(t.out, "wrote", filepath.Join(p.dir, f.name))
	}
	return p.next(t.out)
}

// next says what to do.
func (p *project) next(w io.Writer) error {
	lines := []string{"", "Next:"}
	start := "  go run . feedback.txt"
	if p.workspace {
		start = "  GOWORK=off go run . feedback.txt"
	}
	if p.dir != "." {
		lines = append(lines, "  cd "+word(p.dir))
	}
	switch {
	case p.template != "go":
		lines = append(lines, "  weir validate pipeline.yaml", "  weir explain pipeline.yaml", "  weir run pipeline.yaml --input feedback.txt")
	case p.source == "" && p.version == "":
		lines = append(lines, "  say in go.mod where weir's source is: it has no released version yet", start)
	case p.version != "":
		lines = append(lines, "  go mod tidy", start)
	default:
		lines = append(lines, start)
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// word is a path as one word of a command line.
func word(path string) string {
	if strings.ContainsAny(path, " \t'\"$&;|<>()*?\\") {
		return strconv.Quote(path)
	}
	return path
}
