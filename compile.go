package weir

import (
	"context"
	"errors"
	"reflect"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/pass"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
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
	if err != nil {
		return nil, err
	}
	added := defaultsOf(c)
	program, err := plan.Build(s.step, plan.Options{
		Passes: passes(added, dropped), Kinds: c.Kinds, Layers: c.Layers, Components: components(c), Plain: dropped, MaxOutput: maxOutput(c),
		Instead: added.instead,
	})
	if err != nil {
		return nil, err
	}
	p := &Plan[I, O]{program: program, engine: c.Engine}
	if p.engine == nil {
		p.engine = &local.Engine{}
	}
	if c.Telemetry != nil || c.Meter != nil || len(c.State) > 0 || c.Limits != (usage.Limits{}) {
		p.job = &engine.Job{Limits: c.Limits, State: c.State, Recorder: c.Telemetry, Meter: c.Meter}
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
func passes(added *defaults, dropped map[string]bool) []plan.Pass {
	list := []plan.Pass{added}
	for _, p := range pass.All() {
		if !dropped[p.Name()] {
			list = append(list, p)
		}
	}
	return list
}

// components are what kinds and layers can ask the builder for.
func components(c *Config) map[reflect.Type]any {
	m := map[reflect.Type]any{}
	if c.Models != nil {
		m[reflect.TypeFor[model.Registry]()] = c.Models
	}
	prices := c.Prices
	if prices == nil {
		prices = usage.DefaultPrices()
	}
	m[reflect.TypeFor[usage.Prices]()] = prices
	m[reflect.TypeFor[[]state.Value]()] = c.State
	return m
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
