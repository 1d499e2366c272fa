package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// chat is one model at one endpoint.
type chat struct {
	config   Config
	official bool
	service  sdk.ChatCompletionService
	// plain is set when the endpoint has refused json_schema; from then on schemas go into the prompt.
	plain atomic.Bool
	// whole is set when the endpoint has refused to stream; from then on answers come in one piece.
	whole atomic.Bool
}

var (
	_ model.Streamer = (*chat)(nil)
	_ model.Named    = (*chat)(nil)
)

// Provider is Config.Provider.
func (m *chat) Provider() string { return m.config.Provider }

// Name is Config.Model.
func (m *chat) Name() string { return m.config.Model }

// Generate asks the endpoint once; a second time only when the endpoint has just refused the form of the schema.
func (m *chat) Generate(ctx context.Context, r *model.Request) (*model.Response, error) {
	if err := m.acceptable(r); err != nil {
		return nil, err
	}
	return m.fitting(r, func(plain bool) (*model.Response, error) { return m.ask(ctx, r, plain) })
}

// fitting asks in the form that the endpoint takes.
func (m *chat) fitting(r *model.Request, ask func(plain bool) (*model.Response, error)) (*model.Response, error) {
	plain := m.plain.Load()
	resp, err := ask(plain)
	if err == nil || plain || r.Schema == nil || !refusesSchema(err) {
		return resp, err
	}
	// The one downgrade: json_object, and the schema in the prompt. It is remembered, so that it costs one call a model. A
	// refused request uses no tokens.
	m.plain.Store(true)
	resp, err = ask(true)
	if resp != nil {
		resp.Usage.Requests++
	}
	return resp, err
}

// ask makes one call.
func (m *chat) ask(ctx context.Context, r *model.Request, plain bool) (*model.Response, error) {
	params, err := m.params(r, plain)
	if err != nil {
		return nil, err
	}
	limited, cancel := m.limit(ctx)
	defer cancel()
	var body []byte
	_, err = m.service.New(limited, params, option.WithResponseBodyInto(&body))
	if err != nil {
		return nil, m.failure(ctx, limited, err)
	}
	return m.read(body)
}

// errTimeout is the cause of a call that Config.Timeout ended.
var errTimeout = errors.New("the call took longer than its timeout")

// limit derives the context of one call.
func (m *chat) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if m.config.Timeout < 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, m.config.Timeout, errTimeout)
}

// read makes a response of an answer's body.
func (m *chat) read(body []byte) (*model.Response, error) {
	var c sdk.ChatCompletion
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, m.invalid("the answer is not the JSON of a chat completion: "+clean(err.Error(), ""), err)
	}
	if len(c.Choices) == 0 {
		if err := m.told(body, m.used(&c)); err != nil {
			return nil, err
		}
	}
	return m.answer(&c)
}

// told is the error that an endpoint told under a status of success, nil when it told none.
func (m *chat) told(body []byte, used usage.Usage) error {
	text, status := complaint(body)
	if text == "" {
		return nil
	}
	return &model.Error{Class: classOf(status, "", text), Provider: m.config.Provider, Usage: used, Text: clean(text, m.config.Key)}
}

// answer makes a response of an answer that has arrived.
func (m *chat) answer(c *sdk.ChatCompletion) (*model.Response, error) {
	if len(c.Choices) == 0 {
		return nil, m.invalid("the answer has no choices", nil)
	}
	used, choice := m.used(c), c.Choices[0]
	refused := func(text string) error {
		return &model.Error{Class: plan.ClassContentFilter, Provider: m.config.Provider, Usage: used, Text: text}
	}
	switch {
	case choice.Message.Refusal != "":
		return nil, refused("the model refused: " + clean(choice.Message.Refusal, ""))
	case choice.FinishReason == "content_filter":
		return nil, refused("the provider's content filter stopped the answer")
	}
	name := c.Model
	if name == "" {
		name = m.config.Model
	}
	return &model.Response{Text: choice.Message.Content, Usage: used, Model: name, Finish: choice.FinishReason, ID: c.ID}, nil
}

// used is what the answer says that it cost.
func (m *chat) used(c *sdk.ChatCompletion) usage.Usage {
	u := usage.Usage{
		Requests:        1,
		InputTokens:     c.Usage.PromptTokens,
		CachedTokens:    c.Usage.PromptTokensDetails.CachedTokens,
		OutputTokens:    c.Usage.CompletionTokens,
		ReasoningTokens: c.Usage.CompletionTokensDetails.ReasoningTokens,
	}.Clamp()
	cost, known := m.config.Prices.Cost(m.config.Provider, c.Model, u) // what answered may be more exact than what was asked
	if !known {
		cost, _ = m.config.Prices.Cost(m.config.Provider, m.config.Model, u)
	}
	u.Cost = cost
	return u
}

// invalid is the error of an answer that cannot be used.
func (m *chat) invalid(text string, err error) error {
	return &model.Error{Class: plan.ClassInvalidOutput, Provider: m.config.Provider, Text: text, Err: err}
}

// acceptable refuses what cannot be said in a chat completion, before any call.
func (m *chat) acceptable(r *model.Request) error {
	refuse := func(format string, args ...any) error {
		return &model.Error{Class: plan.ClassBadRequest, Provider: m.config.Provider, Text: fmt.Sprintf(format, args...)}
	}
	if len(r.Tools) > 0 {
		return refuse("tools are not sent by this provider yet; leave Request.Tools empty")
	}
	if r.System == "" && len(r.Messages) == 0 {
		return refuse("the request has neither a system prompt nor a message")
	}
	if err := r.Settings.Validate(); err != nil {
		return refuse("%v", err)
	}
	for key := range r.Settings.Extra {
		if reserved(key) {
			return refuse("the setting %q cannot be given as an extra; it is made from the request", key)
		}
	}
	return nil
}
