package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// runCommand runs a pipeline.
type runCommand struct {
	source
	inputFlags
	JSON      bool          `help:"Print one JSON event a line; the last one holds the output."`
	Items     bool          `help:"With --json: also the events of steps inside the items of maps."`
	Quiet     bool          `short:"q" help:"Print the output only."`
	RunID     string        `name:"run-id" help:"The id of the run (default: a random one)." placeholder:"ID"`
	MaxTime   time.Duration `help:"End the run after this time, such as 5m." placeholder:"DURATION"`
	MaxTokens int64         `default:"-1" help:"End the run when it has used more tokens." placeholder:"N"`
	MaxCost   float64       `default:"-1" help:"End the run when it has cost more US dollars." placeholder:"USD"`
}

// view shows a run while it goes on.
type view interface {
	telemetry.Recorder
	// begin is told the plan before the run.
	begin(p *plan.Program)
	// finish is told how it ended; it prints what is left to say.
	finish(r *weir.Result[any], err error) error
}

// Run runs it.
func (c *runCommand) Run(ctx context.Context, t terminal) error {
	in, err := c.value(t)
	if err != nil {
		return err
	}
	limits, err := c.limits()
	if err != nil {
		return err
	}
	v := c.view(t)
	l, err := c.load(v, limits)
	if err != nil {
		if c.JSON {
			return errors.Join(refused(t.out, err), shown{err})
		}
		return err
	}
	defer l.close()
	var options []weir.RunOption
	if c.RunID != "" {
		options = append(options, weir.ID(c.RunID))
	}
	if a := newAsker(t, v); a != nil && !c.JSON {
		options = append(options, weir.Answers(a.answer))
	}
	v.begin(l.plan.Program())
	r, err := l.plan.Execute(ctx, in, options...)
	if err == nil && r.Status == weir.Paused {
		err = &weir.PausedError{ID: r.ID, Pending: r.Pending}
	}
	if ferr := v.finish(r, err); ferr != nil && err == nil {
		return fmt.Errorf("the output could not be written: %w", ferr)
	}
	if err != nil {
		return shown{err}
	}
	return nil
}

// limits are those of the flags.
func (c *runCommand) limits() (usage.Limits, error) {
	l := usage.Limits{Duration: c.MaxTime}
	if c.MaxTokens >= 0 {
		l.Tokens = usage.AtMost(c.MaxTokens)
	}
	if c.MaxCost >= 0 {
		l.Cost = usage.AtMost(int64(c.MaxCost*1e6 + 0.5))
	}
	if c.MaxTime < 0 {
		return l, wrongUsage("--max-time must be positive")
	}
	return l, nil
}

// view picks how the run is shown.
func (c *runCommand) view(t terminal) view {
	switch {
	case c.JSON:
		return &jsonView{out: t.out, items: c.Items}
	case c.Quiet:
		return &quietView{answer: answer{output: output{t.out}, live: true}, err: t.err}
	case isTerminal(t.err):
		return newLiveView(t)
	}
	return newLineView(t)
}

// quietView prints the output and nothing else, or why there is none.
type quietView struct {
	answer
	err io.Writer
}

func (v *quietView) begin(p *plan.Program) { v.expect(p) }

// Event takes an event. Only one step of a plan tells parts, so that no two come at once.
func (v *quietView) Event(_ context.Context, e *telemetry.Event) {
	if e.Type == telemetry.AgentChunk {
		v.part(e.Text)
	}
}

// Borrows is true: of an event at most its text is kept.
func (*quietView) Borrows() bool { return true }

func (v *quietView) finish(r *weir.Result[any], err error) error {
	werr := v.answer.finish(r.Output, err != nil)
	if err != nil {
		fmt.Fprintln(v.err, mend(err))
	}
	return werr
}
