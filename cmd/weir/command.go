package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// terminal is where the command reads and writes. A field that is an *os.File of a terminal gets colour and a live view.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// commands are what weir can do, with their flags.
type commands struct {
	Run      runCommand      `cmd:"" help:"Run a pipeline and print its output."`
	Validate validateCommand `cmd:"" help:"Check a pipeline without running it."`
	Explain  explainCommand  `cmd:"" help:"Say what a pipeline does, step by step."`
	Graph    graphCommand    `cmd:"" help:"Draw a pipeline as Mermaid or Graphviz text."`
	Init     initCommand     `cmd:"" help:"Write a small project that runs at once."`
	Bench    benchCommand    `cmd:"" help:"Measure what the optimisations buy, here or on a pipeline of your own."`
	Schema   schemaCommand   `cmd:"" help:"Print the JSON Schema of pipelines, for editors."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

const description = `weir executes AI-agent workflows: pipelines of steps, written in YAML or Go.

  weir init feedback                               a small project that runs at once
  weir validate pipeline.yaml                      is it right?
  weir explain pipeline.yaml                       what does it do?
  weir run pipeline.yaml --input feedback.txt      run it on the text of a file
  weir graph pipeline.yaml                         draw it
  weir bench                                       how fast is weir here?

Exit codes: 0 done, 1 the run failed or a target of bench was missed, 2 wrong usage, 3 the file cannot be read as a pipeline, 4 it reads but is wrong, ` +
	`5 paused for a person, 6 budget exhausted, 7 bench found a regression, 130 and 143 stopped by a signal.`

// left is what kong's own exit (help) becomes.
type left struct{ code int }

// execute parses the arguments and runs the command; it gives the exit code.
func execute(ctx context.Context, args []string, t terminal) (code int) {
	defer func() {
		if p := recover(); p != nil {
			l, ok := p.(left)
			if !ok {
				panic(p)
			}
			code = l.code
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("weir"), kong.Description(description), kong.Writers(t.out, t.err),
		kong.Exit(func(code int) { panic(left{code}) }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t))
	if err != nil {
		fmt.Fprintln(t.err, "weir:", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(t.err, "weir: %v\nTry: weir %s--help\n", err, attempted(err))
		return exitUsage
	}
	return exitCode(t, k.Run())
}

// attempted is the name of the command whose arguments were wrong, with a blank, for the hint.
func attempted(err error) string {
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context != nil {
		if words := strings.Fields(p.Context.Command()); len(words) > 0 {
			return words[0] + " "
		}
	}
	return ""
}
