package modeltest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/weirflow/weir/model"
)

// NewOpenAI starts a Server that speaks OpenAI's Chat Completions, as in
// https://platform.openai.com/docs/api-reference/chat (read June 2026). It answers under URL + "/chat/completions".
func NewOpenAI(t testing.TB) *Server { return newServer(t, "/v1", openAI{}) }

// openAI is the wire format of Chat Completions.
type openAI struct{}

// object is a JSON object.
type object = map[string]any

func (openAI) success(a Answer) any {
	message := object{"role": "assistant", "content": a.text(), "refusal": nil}
	finish := "stop"
	switch a.Fault {
	case Cut:
		finish = "length"
	case FilteredAnswer:
		finish = "content_filter"
	case Refusal:
		message["content"], message["refusal"] = nil, "I cannot help with that."
	case ErrorBody:
		return object{"error": object{"message": "the upstream provider is down", "code": 502}}
	}
	choices := []any{object{"index": 0, "message": message, "finish_reason": finish, "logprobs": nil}}
	if a.Fault == Empty {
		choices = []any{}
	}
	whole := object{
		"id": "chatcmpl-1", "object": "chat.completion", "created": 1750000000, "model": "test-model-2026-06-01", "choices": choices,
	}
	if a.Fault != Unmetered {
		whole["usage"] = tokens(a)
	}
	return whole
}

// tokens is what an answer says that it used.
func tokens(a Answer) object {
	return object{
		"prompt_tokens": a.Usage.InputTokens, "completion_tokens": a.Usage.OutputTokens, "total_tokens": a.Usage.Tokens(),
		"prompt_tokens_details":     object{"cached_tokens": a.Usage.CachedTokens},
		"completion_tokens_details": object{"reasoning_tokens": a.Usage.ReasoningTokens},
	}
}

func (openAI) failure(f Fault) (status int, body any) {
	fail := func(status int, sort, code, message string) (int, any) {
		return status, object{"error": object{"message": message, "type": sort, "param": nil, "code": code}}
	}
	switch f {
	case RateLimited:
		return fail(http.StatusTooManyRequests, "requests", "rate_limit_exceeded", "slow down")
	case NoQuota:
		return fail(http.StatusTooManyRequests, "insufficient_quota", "insufficient_quota", "you exceeded your current quota")
	case Broken:
		return fail(http.StatusInternalServerError, "server_error", "", "the server had an error")
	case Overloaded:
		return fail(http.StatusServiceUnavailable, "server_error", "", "the engine is overloaded")
	case Unauthorized:
		return fail(http.StatusUnauthorized, "invalid_request_error", "invalid_api_key", "incorrect API key provided: "+Key)
	case Forbidden:
		return fail(http.StatusForbidden, "invalid_request_error", "unsupported_country", "not allowed from here")
	case BadRequest:
		return fail(http.StatusBadRequest, "invalid_request_error", "", "temperature must be at most 2")
	case NotFound:
		return fail(http.StatusNotFound, "invalid_request_error", "model_not_found", "the model does not exist")
	case TooLong:
		return fail(http.StatusBadRequest, "invalid_request_error", "context_length_exceeded",
			"this model's maximum context length is 8192 tokens")
	case Filtered:
		return fail(http.StatusBadRequest, "invalid_request_error", "content_filter", "the prompt was filtered")
	case FormatRejected:
		return fail(http.StatusBadRequest, "invalid_request_error", "unsupported_parameter",
			"'response_format' of type 'json_schema' is not supported with this model")
	case StreamRejected:
		return http.StatusBadRequest, object{"error": object{
			"message": "Your organization must be verified to stream this model.", "type": "invalid_request_error",
			"param": "stream", "code": "unsupported_value",
		}}
	}
	return 0, nil
}

func (openAI) asked(s Seen) asked {
	a := asked{settings: object{}, key: strings.TrimPrefix(s.Header.Get("Authorization"), "Bearer ")}
	a.model, _ = s.Body["model"].(string)
	messages, _ := s.Body["messages"].([]any)
	for _, m := range messages {
		turn, _ := m.(object)
		role, _ := turn["role"].(string)
		content, _ := turn["content"].(string)
		a.messages = append(a.messages, model.Message{Role: model.Role(role), Content: content})
	}
	for key, v := range s.Body {
		switch key {
		case "model", "messages", "response_format", "stream", "stream_options":
		case "max_completion_tokens":
			a.settings["max_tokens"] = v
		default:
			a.settings[key] = v
		}
	}
	format, _ := s.Body["response_format"].(object)
	wrapped, _ := format["json_schema"].(object)
	a.strict, _ = wrapped["strict"].(bool)
	a.name, _ = wrapped["name"].(string)
	if schema, ok := wrapped["schema"]; ok {
		b, err := json.Marshal(schema)
		if err == nil {
			a.schema = string(b)
		}
	}
	return a
}
