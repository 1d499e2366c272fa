package weir

import (
	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// Config injects components and sets what holds for every run of a plan. The zero value, and nil, mean the defaults. The
// object that is given is the object that is used; Compile does not change the Config.
type Config struct {
	// Models answers agent steps that name their model instead of holding it. Nil: there are none.
	Models model.Registry
	// Limiter bounds the leaf work, functions and agents alike, of all runs of the plan together; it is never held while
	// a step waits for its children. Nil: at most DefaultModelCalls agent steps at once, functions unbounded.
	Limiter limit.Limiter
	// Policy is asked before a step asks a model, once a step: it may deny that, which ends the run, or give the step another
	// input. Nil: every step may run.
	Policy policy.Policy
	// Meter is told what each step used. Nil: nobody is; results carry the totals anyway.
	Meter usage.Meter
	// Prices turn tokens into cost where the provider does not say. Nil: usage.DefaultPrices.
	Prices usage.Prices
	// Telemetry takes the events of every run. Nil: there are none and they cost nothing.
	Telemetry telemetry.Recorder
	// State is what every run's state holds at the start; the option State adds to it.
	State []state.Value
	// Limits hold for each run as a whole; the option Budget replaces those it sets. Zero: none.
	Limits usage.Limits
	// MaxOutput is how many bytes of text one step may return. 0: DefaultMaxOutput; negative: no limit.
	MaxOutput int64
	// Engine drives the runs. Nil: engine/local.
	Engine engine.Engine
	// Kinds and Layers replace the builder of a kind or a layer by its name.
	Kinds  map[string]func(*plan.Builder, plan.Node) plan.Op
	Layers map[string]func(*plan.Builder, plan.Layer, plan.Op) plan.Op
	// Without names the optimisations to drop, or "all". An unknown name is an error. The environment variable
	// WEIR_WITHOUT, a list parted by commas, adds to it.
	Without []string
}

const (
	// DefaultModelCalls is how many agent steps of a plan work at once (spec/core.md §2.1).
	DefaultModelCalls = 10
	// DefaultMaxOutput is the most bytes of text that a step returns: 16 MiB.
	DefaultMaxOutput = 16 << 20
)
