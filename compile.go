package weir

import (
	"context"
	"errors"
	"slices"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/record"
	"github.com/weirflow/weir/pass"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// Compile turns a pipeline into a plan, which is immutable and safe for use by several goroutines. Every mistake is reported
// at once, joined, each with the path of its step. A nil config means the defaults.
func Compile[I, O any](s Step[I, O], c *Config) (*Plan[I, O], error) {
	if c == nil {
		c = &Config{}
	}
	dropped, err := without(c.Without)
	if verr := c.Limits.Validate(); verr != nil {
		err = errors.Join(err, plan.Errorf(plan.CodeConfig, "weir: compile: limits: %w", verr))
	}
	hooks, herr := hooksOf(s.Name(), c)
	if err = errors.Join(err, herr); err != nil {
		return nil, err
	}
	added := defaultsOf(c, dropped)
	p := &Plan[I, O]{engine: c.Engine, journal: c.Journal, hooks: hooks.ofRuns()}
	if p.journal == nil && waits(s.step, 0) {
		p.journal, p.brief = journal.NewMemory(), true
	}
	added.recorded = p.journal != nil
	o := plan.Options{
		Passes: passes(added, hooks, dropped), Kinds: c.Kinds, Layers: c.Layers, Components: components(c, s.step, dropped), Plain: dropped,
		MaxOutput: maxOutput(c), Instead: added.instead,
	}
	if p.journal != nil {
		o.Decide = record.Decide
	}
	if p.program, err = plan.Build(s.step, o); err != nil {
		return nil, err
	}
	p.fleet = fleet[O]{plan: p, program: p.program}
	if p.engine == nil {
		p.engine = &local.Engine{}
	}
	if _, ok := p.engine.(*local.Engine); ok && c.Pools != nil && !dropped["pool"] {
		p.program.Bounded = local.Bounded(c.Pools)
	}
	if c.Telemetry != nil || c.Meter != nil || len(c.State) > 0 || c.Limits != (usage.Limits{}) || p.hooks != nil {
		p.job = &engine.Job{Terms: &engine.Terms{Limits: c.Limits, State: c.State, Meter: c.Meter}, Recorder: c.Telemetry}
		if s, ok := c.Telemetry.(telemetry.Summariser); ok {
			p.job.Terms.Summaries = s
			if !s.Events() {
				p.job.Recorder = nil
			}
		}
		p.bare = p.job.Recorder == nil && c.Meter == nil && len(c.State) == 0 && c.Limits == (usage.Limits{}) && p.hooks == nil
		p.job.Terms.Bare = p.bare
	}
	return p, nil
}

// Do compiles a step with the defaults and runs it once. A pipeline that runs often is compiled once instead.
func Do[I, O any](ctx context.Context, s Step[I, O], in I) (O, error) {
	p, err := Compile(s, nil)
	if err != nil {
		var none O
		return none, err
	}
	return p.Run(ctx, in)
}

// passes are what Compile adds by itself, and the optimisations that were not dropped.
func passes(added *defaults, hooks *runHooks, dropped map[string]bool) []plan.Pass {
	list := []plan.Pass{added}
	if l := hooks.layer(); l != nil {
		list = append(list, outerHooks{l})
	}
	for _, p := range pass.All() {
		if !dropped[p.Name()] {
			list = append(list, p)
		}
	}
	return list
}

// waits says that a step, or one below it, waits for somebody.
func waits(s *plan.Step, depth int) bool {
	if s == nil || s.Node == nil || depth > plan.MaxDepth {
		return false
	}
	var a plan.Analysis
	if n, ok := s.Node.(plan.Analyser); ok {
		if n.Analyse(&a); a.Waits {
			return true
		}
	}
	return slices.ContainsFunc(s.Node.Children(), func(c plan.Child) bool { return waits(c.Step, depth+1) })
}

func maxOutput(c *Config) int64 {
	switch {
	case c.MaxOutput < 0:
		return 0
	case c.MaxOutput == 0:
		return DefaultMaxOutput
	}
	return c.MaxOutput
}
