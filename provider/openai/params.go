package openai

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/shared"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// params puts a request on the wire. plain: the schema goes into the prompt.
func (m *chat) params(r *model.Request, plain bool) (sdk.ChatCompletionNewParams, error) {
	p := sdk.ChatCompletionNewParams{Model: m.config.Model}
	system := r.System
	if r.Schema != nil {
		if plain {
			system = strings.TrimSpace(system + "\n\n" + inWords(r.Schema))
			p.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
		} else {
			p.ResponseFormat.OfJSONSchema = format(r.Schema)
		}
	}
	if system != "" {
		p.Messages = append(p.Messages, sdk.SystemMessage(system))
	}
	for i, turn := range r.Messages {
		message, err := m.message(i, turn)
		if err != nil {
			return p, err
		}
		p.Messages = append(p.Messages, message)
	}
	m.settings(&p, r.Settings)
	return p, nil
}

// message puts one turn on the wire.
func (m *chat) message(i int, turn model.Message) (sdk.ChatCompletionMessageParamUnion, error) {
	switch turn.Role {
	case model.RoleSystem:
		return sdk.SystemMessage(turn.Content), nil
	case model.RoleUser:
		return sdk.UserMessage(turn.Content), nil
	case model.RoleAssistant:
		return sdk.AssistantMessage(turn.Content), nil
	}
	return sdk.ChatCompletionMessageParamUnion{}, &model.Error{
		Class: plan.ClassBadRequest, Provider: m.config.Provider,
		Text: fmt.Sprintf("message %d has the role %q; system, user and assistant can be sent", i, turn.Role),
	}
}

// settings sets what was set; the rest is not sent.
func (m *chat) settings(p *sdk.ChatCompletionNewParams, s model.Settings) {
	p.Temperature = optional(s.Temperature)
	p.TopP = optional(s.TopP)
	p.Seed = optional(s.Seed)
	if m.official {
		p.MaxCompletionTokens = optional(s.MaxTokens) // OpenAI's reasoning models refuse max_tokens
	} else {
		p.MaxTokens = optional(s.MaxTokens) // what compatible servers know
	}
	if len(s.Stop) > 0 {
		p.Stop.OfStringArray = s.Stop
	}
	extra := make(map[string]any, len(s.Extra)+1)
	maps.Copy(extra, s.Extra)
	if k, ok := s.TopK.Get(); ok { // not OpenAI's, but Ollama's, vLLM's and others'
		extra["top_k"] = k
	}
	if len(extra) > 0 {
		p.SetExtraFields(extra)
	}
}

// optional turns a setting into the SDK's.
func optional[T int64 | float64](o model.Optional[T]) param.Opt[T] {
	if v, ok := o.Get(); ok {
		return param.NewOpt(v)
	}
	return param.Opt[T]{}
}

// reserved says that a field of the request is made here, so that an extra of that name would change its meaning.
func reserved(key string) bool {
	return slices.Contains([]string{
		"model", "messages", "stream", "stream_options", "n", "response_format", "tools", "tool_choice", "functions",
		"function_call", "temperature", "top_p", "top_k", "seed", "stop", "max_tokens", "max_completion_tokens",
	}, key)
}
