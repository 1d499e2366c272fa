package weir

import (
	"log/slog"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/hash"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/pool"
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
	// Estimator says what steps that ask a model are expected to use, so that as much is set aside before each attempt; a step's
	// own budget.Expect stands before it. Nil: nothing is set aside, and limits are looked at after each step.
	Estimator usage.Estimator
	// Telemetry takes the events of every run, or, where it is a telemetry.Summariser, what each run did, in one call at its end; which costs
	// a step nothing. Nil: nothing is told, and that costs nothing.
	Telemetry telemetry.Recorder
	// Journal keeps the record of every run, so that it can be resumed. Nil: none is kept, but that a plan with a step that
	// waits for a person has a journal in memory, which forgets a run when it has ended.
	Journal journal.Store
	// Hooks are told of every run and of its outer steps, in this order; see package layer/hook. One that fails is logged and
	// noted, unless StrictHooks makes that a failure of the step or the run. None: they cost nothing.
	Hooks       []hook.Hook
	StrictHooks bool
	// Logger takes what goes wrong beside a run, such as the failure of a hook. Nil: it is not logged.
	Logger *slog.Logger
	// Cache keeps the results of steps under cache.For that do not name another. Nil: one in memory that holds up to 1,024 entries,
	// for the runs of this plan alone.
	Cache cache.Backend
	// Hasher digests the keys of caches. Nil: hash.SHA256.
	Hasher hash.Hasher
	// Codec turns values into bytes where they leave the process. Nil: codec.JSON, which knows the types of the pipeline's
	// steps; other types with a name that stand in an any are to be registered, with codec.New.
	Codec codec.Codec
	// State is what every run's state holds at the start; the option State adds to it.
	State []state.Value
	// Limits hold for each run as a whole; the option Budget replaces those it sets. Zero: none.
	Limits usage.Limits
	// Pools bounds and counts what the engine keeps of ended runs to use again (frames, and the memory for their records); plans may share one, and Stats tells
	// how many were made, used again and dropped. A run of ten small steps takes about a ninth longer with it. It is for engine/local: another Engine
	// keeps what it likes. Nil: up to what the collector leaves in a sync.Pool for each plan, not counted.
	Pools *pool.Set
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
