package agent

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Inline is one entry of a blueprint's agents section. A blueprint decodes into what NewInline made; steps that use the agent
// are made with Dynamic of what DynamicSpec gives.
type Inline struct {
	Model        string         `weir:"model,required" doc:"The model to ask, as provider:model: openai:gpt-4o-mini."`
	SystemPrompt spec.Value     `weir:"system_prompt,required" doc:"The system prompt. It may hold {{ }}, and sees previous_step (the step's input)."`
	OutputSchema map[string]any `weir:"output_schema" doc:"The JSON Schema of the answer; it may not be recursive. Default: {type: string}, plain text."`
	Settings     map[string]any `weir:"model_settings" doc:"temperature, top_p, top_k, max_tokens, seed, stop; every other key goes to the provider as it is, such as reasoning_effort."`
	Timeout      time.Duration  `weir:"timeout" doc:"How long one attempt may take. Default: no limit."`
	MaxRetries   int            `weir:"max_retries" doc:"How often an answer that does not match output_schema is sent back to the model with what is wrong with it, within one attempt. Default: 1."`
	Stream       bool           `weir:"stream" doc:"Whether the answer of the run's last step is told while the model makes it, to whoever watches the run. Default: true."`
}

// NewInline makes an entry with its defaults.
func NewInline() *Inline { return &Inline{MaxRetries: DefaultReask, Stream: true} }

// DynamicSpec checks the entry and makes the spec of steps that use it; they share nothing that may change. Every mistake is
// in the error, each beginning with its key. Timeout is not in the spec: it is a layer of the step.
func (a *Inline) DynamicSpec() (DynamicSpec, error) {
	var errs []error
	wrong := func(key string, err error) {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "%s: %w", key, err))
	}
	s := DynamicSpec{ModelName: a.Model, System: a.SystemPrompt, Reask: a.MaxRetries, NoStream: !a.Stream}
	if a.Model == "" {
		wrong("model", errors.New("it is empty; name a model, such as openai:gpt-4o-mini"))
	}
	switch {
	case a.MaxRetries < 0:
		wrong("max_retries", errors.New("it may not be negative"))
	case a.MaxRetries == 0:
		s.Reask = -1 // in a spec 0 is the default
	}
	if a.Timeout < 0 {
		wrong("timeout", errors.New("it may not be negative"))
	}
	var err error
	if s.Settings, err = model.ParseSettings(a.Settings); err != nil {
		wrong("model_settings", err)
	}
	if a.OutputSchema != nil {
		if s.Schema, err = json.Marshal(a.OutputSchema); err == nil {
			_, err = written(s.Schema, true)
		}
		if err != nil {
			wrong("output_schema", err)
		}
	}
	return s, errors.Join(errs...)
}
