package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// source are the flags of every command that reads a pipeline.
type source struct {
	File    string   `arg:"" help:"The pipeline, a YAML file." placeholder:"FILE"`
	Without []string `help:"Optimisations to drop: names, or all." placeholder:"NAME"`
	bounds
	Model string `env:"WEIR_MODEL" help:"Ask this model wherever the pipeline names one of the provider openai: for local servers." placeholder:"NAME"`
}

// bounds are flags that bound what the pipeline's own steps may do.
type bounds struct {
	Out          string `help:"The folder that write_file may write in (default: the current one; for bench a temporary one)." placeholder:"DIR"`
	AllowPrivate bool   `help:"Let http steps reach private and local addresses."`
}

// loaded is a pipeline that compiles.
type loaded struct {
	blueprint *blueprint.Blueprint
	plan      *weir.Plan[any, any]
	root      *os.Root
}

// close gives back the folder that the pipeline may write in.
func (l *loaded) close() { l.root.Close() }

// load reads, checks and compiles the pipeline. The flags' limits stand before the pipeline's own.
func (s *source) load(recorder telemetry.Recorder, limits usage.Limits) (*loaded, error) {
	out := s.Out
	if out == "" {
		out = "."
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, wrongUsage("--out: the folder cannot be opened: %v", err)
	}
	l := &loaded{root: root}
	if err := l.compile(s, recorder, limits); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// compile loads the blueprint and makes the plan.
func (l *loaded) compile(s *source, recorder telemetry.Recorder, limits usage.Limits) (err error) {
	l.blueprint, err = blueprint.LoadFile(s.File, blueprint.Options{
		Kinds:    kinds.All(),
		Builtins: builtin.Env{Dir: filepath.Dir(s.File), Root: l.root, AllowPrivate: s.AllowPrivate},
	})
	if err != nil {
		return err
	}
	l.plan, err = l.build(s.Without, &weir.Config{Telemetry: recorder, Limits: limits, Models: registry(s.Model)})
	return err
}

// build makes a plan of the blueprint: what the blueprint itself sets is added to the configuration.
func (l *loaded) build(without []string, c *weir.Config) (*weir.Plan[any, any], error) {
	b := l.blueprint
	c.State, c.Limits, c.Without = b.State, stricter(b.Limits, c.Limits), slices.Concat(b.Without, without)
	p, err := weir.Compile(weir.Dynamic(b.Step), c)
	if err != nil {
		return nil, &compileError{err}
	}
	return p, nil
}

// stricter takes of each limit the lower one.
func stricter(a, b usage.Limits) usage.Limits {
	lower := func(a, b usage.Limit) usage.Limit {
		if !a.Set() || b.Set() && b.Value() < a.Value() {
			return b
		}
		return a
	}
	l := usage.Limits{Duration: a.Duration, Calls: lower(a.Calls, b.Calls), Tokens: lower(a.Tokens, b.Tokens), Cost: lower(a.Cost, b.Cost)}
	if b.Duration > 0 && (l.Duration == 0 || b.Duration < l.Duration) {
		l.Duration = b.Duration
	}
	return l
}

// errNoInput says that stdin was asked for and is a terminal.
var errNoInput = errors.New("nothing on standard input; give --input FILE, --input-json JSON, or pipe something in")
