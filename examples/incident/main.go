// Command incident is the main example of weir in typed Go: it reads a web server's access log, finds out what went wrong, and
// writes report.md and report.json. pipeline.yaml beside it is the same pipeline for the weir command.
//
//	go run ./examples/incident access.log [folder]
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/conditional"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: incident access.log [folder]")
		os.Exit(2)
	}
	folder := "."
	if len(os.Args) > 2 {
		folder = os.Args[2]
	}
	// A program of yours gives a model here: provider/openai makes one from the environment.
	report, err := run(context.Background(), os.Args[1], folder, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	f := report.Findings
	fmt.Printf("%s: %s\nThe summary was written by %s.\n\n%s\n", f.Severity, f.Headline, report.By, strings.Join(report.Files, "\n"))
}

// run compiles the pipeline and runs it on one log. A nil model means that none is configured.
func run(ctx context.Context, log, folder string, m model.Model) (Report, error) {
	if m == nil {
		m = model.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, errNoModel })
	}
	p, err := weir.Compile(pipeline(folder, m), nil)
	if err != nil {
		return Report{}, err
	}
	return p.Run(ctx, log)
}

// errNoModel is not tried again: a second attempt would find no model either.
var errNoModel = plan.NoRetry(errors.New("no model is configured"))

// pipeline is the whole job, from the name of a log to a report.
func pipeline(folder string, m model.Model) weir.Step[string, Report] {
	return weir.Then(
		weir.Then5(
			weir.Func("read", read),
			each.Collect("parse", weir.Func("line", parse), each.Width(4)),
			weir.Func("log", toLog),
			parallel.Join3("analyse", weir.Func("errors", errorRates), weir.Func("heavy", heaviest), weir.Func("suspicious", suspects), join),
			conditional.If("severity", hasOutage, weir.Func("outage", outage), weir.Func("clients", clients)),
		),
		weir.Then3(
			weir.Func("keep", keep),
			fallback.To(summary(m), weir.Func("template", fromTemplate)),
			weir.Func("write", writer(folder)),
		),
	)
}

// findings are what the run has found, for steps that get something else as their input.
var findings = state.NewKey("findings", state.Immutable[Findings]())

func keep(ctx context.Context, f Findings) (Findings, error) {
	findings.Set(ctx, f)
	return f, nil
}

// summary has a model draft the summary and refines the draft until it names what it must.
func summary(m model.Model) weir.Step[Findings, Report] {
	draft := agent.New[Draft]("draft", agent.Spec[loop.Round[Findings, Draft]]{
		Model:  m,
		System: "You write incident reports for engineers who were not there. Use the findings that you are given, and nothing else.",
		Prompt: brief,
	}).With(
		retry.UpTo(2, retry.BackoffOn(plan.ClassRateLimit, plan.ClassOverload)),
		timeout.After(2*time.Minute),
		validate.With("has a title", hasTitle),
	)
	refined := loop.Refine("refine", 3, draft, weir.Func("review", review))
	return weir.Then(refined, weir.Func("sign", sign)).Named("summary")
}
