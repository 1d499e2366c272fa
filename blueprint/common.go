package blueprint

import (
	"time"

	"github.com/weirflow/weir/spec"
)

// common are the keys that steps of every kind have.
type common struct {
	Kind           string         `weir:"kind" doc:"What sort of step it is. Default: step."`
	Name           string         `weir:"name" doc:"The step's name, unique among the steps beside it."`
	Step           string         `weir:"step" doc:"The same as name; give one of them."`
	Input          spec.Value     `weir:"input" doc:"The step's input, in place of the last output: any value, texts in it with {{ }}."`
	OutputSchema   *node          `weir:"output_schema" doc:"For a step that asks a model: the JSON Schema of the answer, in place of the agent's."`
	Config         config         `weir:"config" doc:"Retries, timeout and what is asked of the model."`
	Retry          *retrying      `weir:"retry" doc:"How often the step is tried, and how long is waited between attempts."`
	Timeout        *time.Duration `weir:"timeout" doc:"How long one attempt may take: 30s, or a number of seconds. Default: no limit."`
	Validate       []checking     `weir:"validate" doc:"Checks of the output; all run, and one that is not true fails the step."`
	Validators     []checking     `weir:"validators" doc:"The same as validate; give one of them."`
	Limit          *int           `weir:"limit" doc:"How many executions of the step may work at the same time, over all runs. Default: no limit."`
	SinkTo         *string        `weir:"sink_to" doc:"Where in the context the output is stored: a dotted path."`
	UpdatesContext bool           `weir:"updates_context" doc:"Merges an output that is a map into the context, key by key."`
	Cache          *caching       `weir:"cache" doc:"Keeps the results: true, how long, or a map with ttl and key. The next time, the same input finds the result. Default: not."`
	Fallback       *node          `weir:"fallback" doc:"The step that runs when this one has failed for good."`
	Meta           map[string]any `weir:"meta" doc:"Anything; weir does not read it."`
}

// config is the key config of a step.
type config struct {
	MaxRetries *int           `weir:"max_retries" doc:"How many further attempts follow a failed one. Default: 1 for a step that asks a model, 0 for others."`
	TimeoutS   *time.Duration `weir:"timeout_s" doc:"How long one attempt may take, in seconds."`
	Timeout    *time.Duration `weir:"timeout" doc:"The same as timeout_s."`

	Temperature *float64 `weir:"temperature" doc:"How freely the model chooses words, for steps that ask one."`
	TopK        *int     `weir:"top_k" doc:"From how many words the model chooses, for steps that ask one."`
	TopP        *float64 `weir:"top_p" doc:"From what share of likely words the model chooses, for steps that ask one."`

	Diagnostics bool `weir:"preserve_fallback_diagnostics" doc:"Keeps the first failure as feedback when the fallback succeeds."`
}

// retrying is the key retry of a step.
type retrying struct {
	Attempts *int     `weir:"attempts" doc:"How many attempts are made at most, the first one included."`
	Backoff  *backoff `weir:"backoff" doc:"How long is waited between attempts. Default: not at all; for a step that asks a model, only after rate limits and overload."`
	On       []string `weir:"on" doc:"After failures of which classes another attempt is made. Default: all."`
}

// backoff is the key backoff of retry.
type backoff struct {
	Initial time.Duration `weir:"initial" doc:"The wait after the first attempt. Default: 1s."`
	Factor  float64       `weir:"factor" doc:"How many times as long each further wait is. Default: 2."`
	Max     time.Duration `weir:"max" doc:"The longest wait. Default: 1m."`
	Jitter  float64       `weir:"jitter" doc:"Which part of a wait, 0 to 1, is left to chance. Default: 0."`
}

// checking is one entry of the key validate of a step.
type checking struct {
	Name    string    `weir:"name,required" doc:"What the check is called in errors and results."`
	Check   spec.Expr `weir:"check,required" doc:"An expression over output, previous_step and context that must be true."`
	Message string    `weir:"message" doc:"What is wrong when it is not true."`
}
