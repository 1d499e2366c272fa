package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/bench"
)

// benchmark is what a call of weir bench is about to measure.
type benchmark struct {
	config      *bench.Config
	older       *bench.Report // what to compare with; nil: nothing
	profileOnly bool
	// traffic is the load that profiles are made of.
	traffic *bench.Traffic
	close   func()
}

// The defaults of --seconds, and how short the rounds of --quick are.
const (
	benchSeconds  = int(bench.DefaultBudget / time.Second)
	ablateSeconds = 2 * benchSeconds // it has a hundred figures
	quickSeconds  = 20
	quickRounds   = 9
	quickWindow   = time.Millisecond
)

func (c *benchCommand) budget() int {
	switch {
	case c.Seconds > 0:
		return c.Seconds
	case c.Quick:
		return quickSeconds
	case c.ablates():
		return ablateSeconds
	}
	return benchSeconds
}

// ablates says that optimisations are dropped one at a time.
func (c *benchCommand) ablates() bool {
	return c.Ablate || slices.Contains(c.Only, string(bench.Ablations))
}

// benchmark reads the flags and everything they name, so that mistakes are told before anything is measured.
func (c *benchCommand) benchmark(ctx context.Context, t terminal) (*benchmark, error) {
	b := &benchmark{close: func() {}, config: &bench.Config{Workloads: c.Workload, Large: c.Large, Budget: time.Duration(c.budget()) * time.Second}}
	if c.Quick {
		b.config.Rounds, b.config.Window = quickRounds, quickWindow
	}
	if err := errors.Join(c.flags(), c.sections(b), c.spared(), c.baseline(b)); err != nil {
		return nil, err
	}
	if c.File != "" {
		return b, c.own(ctx, t, b)
	}
	b.config.Optimisations = c.Without
	var err error
	b.traffic, err = bench.ConcurrentTraffic()
	return b, err
}

// flags finds flags that contradict each other.
func (c *benchCommand) flags() error {
	switch {
	case c.Seconds < 0:
		return wrongUsage("--seconds must be positive")
	case os.Getenv(weir.WithoutEnv) != "":
		return wrongUsage("%s is set: it would drop optimisations from both sides; unset it, and name them with --without", weir.WithoutEnv)
	case c.File == "" && (c.Input != "" || c.InputJSON != "" || c.Answer != "" || c.AllowSends || c.Out != "" || c.AllowPrivate), c.File == "-":
		return wrongUsage("an input, --answer, --allow-sends, --out and --allow-private are for a pipeline: weir bench FILE")
	case c.File == "" && len(c.Without) > 0 && !c.ablates():
		return wrongUsage("--without says what to drop from a pipeline (weir bench FILE) or in --ablate; neither is given")
	case c.Large && !slices.Contains(c.Only, string(bench.Scale)):
		return wrongUsage("--large is for --only scale")
	case c.File != "" && len(c.Workload) > 0:
		return wrongUsage("--workload picks built-in workloads; with FILE the pipeline is the only one")
	}
	return nil
}

// sections turns --only and --ablate into sections.
func (c *benchCommand) sections(b *benchmark) error {
	named := map[string]bench.Section{"references": bench.References, "hit-rates": bench.HitRates}
	names := []string{"profile"}
	for _, s := range bench.Sections() {
		named[string(s)] = s
		names = append(names, string(s))
	}
	profile := false
	for _, name := range c.Only {
		s, ok := named[name]
		switch {
		case name == "profile" && c.Profile == "":
			return wrongUsage("--only profile needs --profile DIR")
		case name == "profile":
			profile = true
		case !ok:
			return wrongUsage("--only: there is no part %q; there are %s", name, strings.Join(names, ", "))
		case c.File != "" && s != bench.Ablations && s != bench.Plans:
			return wrongUsage("--only %s measures built-in workloads; with FILE there are plans, ablation and profile", name)
		case c.File == "" && s == bench.Plans:
			return wrongUsage("--only plans measures a pipeline of your own: weir bench FILE")
		default:
			b.config.Sections = append(b.config.Sections, s)
		}
	}
	if c.Ablate {
		b.config.Sections = append(b.config.Sections, bench.Ablations)
	}
	b.profileOnly = profile && len(b.config.Sections) == 0
	switch {
	case len(c.Only) > 0:
	case c.File != "":
		b.config.Sections = append(b.config.Sections, bench.Plans)
	default:
		b.config.Sections = append(b.config.Sections, bench.Targets, bench.References)
	}
	if b.profileOnly && (c.Save != "" || c.Compare != "" || c.HTML != "" || c.JSON) {
		return wrongUsage("--only profile makes no report for --json, --save, --compare or --html")
	}
	return nil
}

// spared sees to it that no file is replaced that the user did not mean to lose.
func (c *benchCommand) spared() error {
	var there []string
	files := []string{c.Save, c.HTML}
	if c.Profile != "" {
		for _, name := range profiles() {
			files = append(files, filepath.Join(c.Profile, name+".pprof"))
		}
	}
	for _, f := range files {
		if f == "" {
			continue
		}
		info, err := os.Stat(f)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return wrongUsage("%v", err)
		case info.IsDir():
			return wrongUsage("%s is a folder; name a file", f)
		case !c.Force:
			there = append(there, f)
		}
	}
	if len(there) > 0 {
		return wrongUsage("%s would be replaced; give --force if that is meant", strings.Join(there, ", "))
	}
	return nil
}

// baseline reads the report to compare with.
func (c *benchCommand) baseline(b *benchmark) (err error) {
	if c.Compare == "" {
		return nil
	}
	if b.older, err = bench.Load(c.Compare); err != nil {
		return wrongUsage("--compare: %s is no saved report (%v); make one with weir bench --save FILE", c.Compare, err)
	}
	return nil
}

// percent is a fraction that is written as 10%.
type percent float64

// UnmarshalText reads it.
func (p *percent) UnmarshalText(text []byte) error {
	number, ok := strings.CutSuffix(string(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(v >= 0 && v <= 1e6) {
		return errors.New("write it as a percentage, such as 10%")
	}
	*p = percent(v / 100)
	return nil
}
