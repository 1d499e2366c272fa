package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/bench"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// own makes a workload of the user's pipeline.
func (c *benchCommand) own(ctx context.Context, t terminal, b *benchmark) error {
	in, err := c.value(t)
	if err != nil {
		return err
	}
	s := &source{File: c.File, bounds: c.bounds}
	remove := func() {}
	if s.Out == "" {
		if s.Out, err = os.MkdirTemp("", "weir-bench-"); err != nil {
			return err
		}
		remove = func() { os.RemoveAll(s.Out) }
	}
	l, err := s.load(nil, usage.Limits{})
	if err != nil {
		remove()
		return err
	}
	b.close = func() { l.close(); remove() }
	if err = c.repeatable(l); err == nil {
		err = c.workload(ctx, b, l, in)
	}
	if err != nil {
		b.close()
	}
	return err
}

// repeatable refuses a pipeline that cannot be run thousands of times.
func (c *benchCommand) repeatable(l *loaded) error {
	s := explain(c.File, l).Summary
	switch {
	case len(s.Waits) > 0:
		return wrongUsage("%s waits for a person (at %s), which no benchmark can; measure it without that step", c.File, plan.Enumerate(s.Waits...))
	case len(s.Models) > 0 && c.Answer == "":
		return wrongUsage("%s asks %s; thousands of runs would measure the provider and cost money: give --answer TEXT, and every model answers that at once",
			c.File, s.models())
	case len(s.Sends) > 0 && !c.AllowSends:
		return wrongUsage("%s sends %s; thousands of runs would each do so: give --allow-sends if the other side can take it", c.File, plan.Enumerate(s.Sends...))
	}
	return nil
}

// workload sets up the pipeline as the only workload. It runs it once: a pipeline that fails is told before anything is measured.
func (c *benchCommand) workload(ctx context.Context, b *benchmark, l *loaded, in any) error {
	compile := func(without []string) (func(context.Context) error, error) {
		p, err := l.build(c.dropped(without), &weir.Config{Models: answering(c.Answer)})
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) error {
			_, err := p.Run(ctx, in)
			return err
		}, nil
	}
	if _, err := compile([]string{"all"}); err != nil { // a wrong --without
		return err
	}
	run, err := compile(nil)
	if err != nil {
		return err
	}
	if err := run(ctx); err != nil {
		return fmt.Errorf("%s fails, so that there is nothing to measure: %w", c.File, err)
	}
	name := l.blueprint.Name
	if name == "" {
		name = c.File
	}
	b.traffic, b.config.Plans, b.config.Optimisations = &bench.Traffic{Run: run}, []bench.Workload{bench.Plan(name, compile)}, c.Without
	return nil
}

// dropped is what a side lacks: where that were all optimisations, those of --without if there are any.
func (c *benchCommand) dropped(without []string) []string {
	if slices.Contains(without, "all") && len(c.Without) > 0 {
		return c.Without
	}
	return without
}

// answering is a registry whose every model gives the same answer at once.
type answering string

// Model gives the model.
func (a answering) Model(string) (model.Model, error) {
	return model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Text: string(a), Finish: model.FinishStop}, nil
	}), nil
}

// spaced writes a name of a report for people.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
