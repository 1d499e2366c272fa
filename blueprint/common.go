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
	OutputSchema   *node          `weir:"output_schema" doc:"For a step that asks a model: the JSON Schema of the answer, in place of the agent's." holds:"map"`
	Config         config         `weir:"config" doc:"Retries, timeout and what is asked of the model."`
	Retry          *retrying      `weir:"retry" doc:"How often the step is tried, and how long is waited between attempts."`
	Timeout        *time.Duration `weir:"timeout" doc:"How long one attempt may take: 30s, or a number of seconds. Default: no limit."`
	Validate       []*node        `weir:"validate" doc:"Checks of the output, each an expression or a registered function; all run, and one that does not hold fails the step." holds:"checks"`
	Validators     []*node        `weir:"validators" doc:"The same as validate; give one of them." holds:"checks"`
	Plugins        []*node        `weir:"plugins" doc:"Registered functions that judge each output before the checks do: fn:NAME, or a map with fn, name, priority and redirect_to." holds:"plugins"`
	Limit          *int           `weir:"limit" doc:"How many executions of the step may work at the same time, over all runs. Default: no limit."`
	UsageLimits    *usageLimits   `weir:"usage_limits" doc:"What the step may use at most, all attempts and its fallback together."`
	Budget         *spending      `weir:"budget" doc:"The same as usage_limits, with calls; give one of them."`
	SinkTo         *string        `weir:"sink_to" doc:"Where in the context the output is stored: a dotted path."`
	OutputKeys     []string       `weir:"output_keys" doc:"The context keys that the step's function writes, as dotted paths. Two branches of a parallel step that write one key are found when the blueprint is compiled."`
	UpdatesContext bool           `weir:"updates_context" doc:"Merges an output that is a map into the context, key by key."`
	Cache          *caching       `weir:"cache" doc:"Keeps the results: true, how long, or a map with ttl and key. The next time, the same input finds the result. Default: not." holds:"cache"`
	Fallback       *node          `weir:"fallback" doc:"The step that runs when this one has failed for good." holds:"step"`
	OnFailure      []spec.Func    `weir:"on_failure" doc:"Registered functions that are called when the step has failed for good, its fallback included. Each is given run, path, name, kind, input, attempts, code and message."`
	FeedbackTo     *string        `weir:"persist_feedback_to_context" doc:"A key of the context that holds a list: the step's failure is appended to it."`
	ResultsTo      *string        `weir:"persist_validation_results_to" doc:"A key of the context that holds a list: what each check said of the output is appended to it."`
	Meta           map[string]any `weir:"meta" doc:"Anything. weir reads is_validation_step and strict_validation, true or false, and refuses is_adapter without adapter_id and adapter_allow." holds:"meta"`
}

// config is the key config of a step.
type config struct {
	MaxRetries *int           `weir:"max_retries" doc:"How many further attempts follow a failed one. Default: 1 for a step that asks a model, 0 for others."`
	TimeoutS   *time.Duration `weir:"timeout_s" doc:"How long one attempt may take, in seconds."`
	Timeout    *time.Duration `weir:"timeout" doc:"The same as timeout_s."`

	Temperature *float64 `weir:"temperature" doc:"How freely the model chooses words, for steps that ask one."`
	TopK        *int     `weir:"top_k" doc:"From how many words the model chooses, for steps that ask one."`
	TopP        *float64 `weir:"top_p" doc:"From what share of likely words the model chooses, for steps that ask one."`

	ExpectedCost   *float64 `weir:"expected_cost_usd" doc:"How much money one attempt is expected to cost, in US dollars: as much is set aside before it."`
	ExpectedTokens *int64   `weir:"expected_tokens" doc:"How many tokens one attempt is expected to use: as many are set aside before it."`

	Diagnostics bool `weir:"preserve_fallback_diagnostics" doc:"Keeps the first failure as feedback when the fallback succeeds."`
}

// retrying is the key retry of a step.
type retrying struct {
	Attempts *int     `weir:"attempts" doc:"How many attempts are made at most, the first one included."`
	Backoff  *backoff `weir:"backoff" doc:"How long is waited between attempts. Default: not at all; for a step that asks a model, only after rate limits and overload."`
	On       []string `weir:"on" doc:"After failures of which classes another attempt is made. Default: all." holds:"classes"`
}

// backoff is the key backoff of retry.
type backoff struct {
	Initial time.Duration `weir:"initial" doc:"The wait after the first attempt. Default: 1s."`
	Factor  float64       `weir:"factor" doc:"How many times as long each further wait is. Default: 2."`
	Max     time.Duration `weir:"max" doc:"The longest wait. Default: 1m."`
	Jitter  float64       `weir:"jitter" doc:"Which part of a wait, 0 to 1, is left to chance. Default: 0."`
}

// checking is one entry of the key validate of a step: an expression, or a function. An entry that is a text is a function.
type checking struct {
	Name    string    `weir:"name" doc:"What the check is called in errors and results. Default: the name of the function."`
	Check   spec.Expr `weir:"check" doc:"An expression over output, previous_step and context that must be true."`
	Fn      spec.Func `weir:"fn" doc:"A registered function in place of check: it is given the output, and returns false or what is wrong with it."`
	Message string    `weir:"message" doc:"What is wrong when check is not true."`
}

// plugging is one entry of the key plugins of a step. An entry that is a text is the function.
type plugging struct {
	Fn         spec.Func     `weir:"fn,required" doc:"The registered function that judges the output."`
	Name       string        `weir:"name" doc:"What the plugin is called in errors and results. Default: the name of the function."`
	Priority   int           `weir:"priority" doc:"When it runs: higher ones first, equal ones as they are written. Default: 0."`
	RedirectTo spec.Branches `weir:"redirect_to" doc:"Steps that the plugin may hand the work to, by name: functions and agents."`
}
