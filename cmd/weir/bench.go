package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/weirflow/weir/bench"
)

// benchCommand measures what the optimisations buy.
type benchCommand struct {
	File string `arg:"" optional:"" help:"A pipeline of your own (default: the built-in workloads)." placeholder:"FILE"`
	inputFlags
	Answer     string   `help:"What every model that the pipeline asks answers, at once: bench asks no real one." placeholder:"TEXT"`
	AllowSends bool     `help:"Let every measured run send what the pipeline sends."`
	Without    []string `help:"With FILE: the optimisations that the other side lacks (default: all). With --ablate: those to drop, one at a time (default: each)." placeholder:"NAME"`
	bounds

	Seconds  int      `help:"How long to measure at most (default: 90; with --ablate 180; with --quick 20)." placeholder:"N"`
	Quick    bool     `help:"Fewer and shorter rounds: wider intervals."`
	Only     []string `help:"Measure only these parts: targets, references, ablation, components, hit_rates, scale, profile; with FILE: plans, ablation, profile." placeholder:"PART"`
	Ablate   bool     `help:"Also measure what each optimisation alone buys."`
	Large    bool     `help:"With --only scale: hold a million runs at a time, too, which takes 3 GB."`
	Workload []string `help:"Measure only these workloads." placeholder:"NAME"`

	JSON      bool    `help:"Print the report as JSON."`
	Quiet     bool    `short:"q" help:"Do not say what is being measured."`
	Save      string  `help:"Write the report as JSON into this file, for --compare." placeholder:"FILE"`
	Compare   string  `help:"Say what moved against this saved report; exit with 7 when something got worse." placeholder:"FILE"`
	Threshold percent `default:"10%" help:"How much worse a ratio or an improvement must be to be a regression; of what is counted, allocations and bytes, nearly any growth is one." placeholder:"PERCENT"`
	HTML      string  `name:"html" help:"Write the report as a page with charts into this file." placeholder:"FILE"`
	Profile   string  `help:"Write profiles of a concurrent load into this folder (cpu, heap, mutex, block), and say what it waited for." placeholder:"DIR"`
	Force     bool    `help:"Replace files that are there."`
}

// Help is the long help.
func (*benchCommand) Help() string {
	return `Compares plans with optimisations and without, and weir with plain Go, in turn, in one process: trust the ratios, not the nanoseconds. ` +
		`With a FILE it measures your pipeline on the input that you give. It runs thousands of times: models are not asked (see --answer), files go to a temporary ` +
		`folder (see --out), and a pipeline that sends something is refused (see --allow-sends). Ctrl-C prints what was measured so far.

Exit code 1: a target was missed; 7: --compare found a regression.

  weir bench                                              the seed's targets, and weir beside plain Go
  weir bench --quick --only targets
  weir bench --ablate                                     what each optimisation alone buys
  weir bench --only scale                                 more cores, more runs in flight, what they wait for
  weir bench pipeline.yaml --input notes.txt              your pipeline, with optimisations and without
  weir bench pipeline.yaml --input notes.txt --without cow
  weir bench --save base.json
  weir bench --compare base.json --threshold 15%
  weir bench --html report.html --profile profiles`
}

// Run measures and shows what was found.
func (c *benchCommand) Run(ctx context.Context, t terminal) (err error) {
	b, err := c.benchmark(ctx, t)
	if err != nil {
		return err
	}
	defer b.close()
	r, err := b.measure(ctx, c, t)
	if r == nil {
		return err
	}
	if perr := c.print(t, r, err); perr != nil || err != nil {
		return errors.Join(err, perr)
	}
	return c.conclude(ctx, t, b, r)
}

// measure runs the suite. With an error the report holds what was measured until then.
func (b *benchmark) measure(ctx context.Context, c *benchCommand, t terminal) (*bench.Report, error) {
	if b.profileOnly {
		return nil, b.profile(ctx, c, t)
	}
	v := newMeterView(t, c.Quiet, time.Duration(c.budget())*time.Second)
	b.config.Progress = v.told
	s, err := bench.New(b.config)
	if err != nil {
		return nil, wrongUsage("%s", strings.TrimPrefix(err.Error(), "weir: "))
	}
	r, err := s.Run(ctx)
	v.end()
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return r, err
}

// print prints the report; stopped says why it is not whole, if it is not.
func (c *benchCommand) print(t terminal, r *bench.Report, stopped error) error {
	if c.JSON {
		j := json.NewEncoder(t.out)
		j.SetEscapeHTML(false)
		return j.Encode(r)
	}
	p := newPage(t.out)
	writeReport(p, r)
	if stopped != nil {
		p.line()
		p.text(0, "", 0, "Stopped before the end: these are the figures until then"+c.undone()+".")
	}
	_, err := p.b.WriteTo(t.out)
	return err
}

// undone says what a measurement that was stopped did not come to.
func (c *benchCommand) undone() string {
	if c.Save+c.HTML+c.Compare+c.Profile == "" {
		return ""
	}
	return "; nothing was saved, compared or profiled"
}

// newPage is a page as wide as what it is written to.
func newPage(out io.Writer) *page {
	p := &page{width: defaultWidth}
	if isTerminal(out) {
		p.width, p.colour = columns(out), os.Getenv("NO_COLOR") == ""
	}
	return p
}

// conclude does what was asked for beside the tables, and judges.
func (c *benchCommand) conclude(ctx context.Context, t terminal, b *benchmark, r *bench.Report) error {
	if c.Save != "" {
		if err := r.Save(c.Save); err != nil {
			return fmt.Errorf("--save: %w", err)
		}
		fmt.Fprintln(t.err, "wrote", c.Save)
	}
	if c.HTML != "" {
		if err := writeHTML(c.HTML, r); err != nil {
			return fmt.Errorf("--html: %w", err)
		}
		fmt.Fprintln(t.err, "wrote", c.HTML)
	}
	if c.Profile != "" {
		if err := b.profile(ctx, c, t); err != nil {
			return err
		}
	}
	if b.older != nil {
		if err := c.compare(t, b.older, r); err != nil {
			return err
		}
	}
	if missed := missed(r); len(missed) > 0 {
		return &missedError{missed}
	}
	return nil
}

// missed names the targets that were measured and not met.
func missed(r *bench.Report) []string {
	var names []string
	for _, t := range r.Targets {
		if !t.Met {
			names = append(names, spaced(t.Name))
		}
	}
	return names
}

// missedError says which targets were missed.
type missedError struct{ names []string }

func (e *missedError) Error() string {
	return plural(len(e.names), "target") + " missed: " + strings.Join(e.names, ", ")
}
