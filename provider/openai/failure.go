package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// guard stands round each HTTP exchange of the SDK: it turns a status other than success into an error with what the
// endpoint said, and bounds the body of a success.
func (m *chat) guard(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	resp, err := next(req)
	if err != nil {
		return resp, err
	}
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		resp.Body = &bounded{ReadCloser: resp.Body, left: model.MaxResponse, over: m.tooLong()}
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, m.status(resp)
}

// status is the error of a response that is no success.
func (m *chat) status(resp *http.Response) error {
	const most = 64 << 10 // an error's page is read so far
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if ctx := resp.Request.Context(); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	said := parseFailure(body)
	text := said.message
	if text == "" {
		text = http.StatusText(resp.StatusCode)
	}
	if resp.StatusCode/100 == 3 {
		text = "the endpoint sends callers elsewhere; set the base URL to where it is now"
	}
	return &model.Error{
		Class: classOf(resp.StatusCode, said.code, text), Provider: m.config.Provider, Status: resp.StatusCode,
		Wait: retryAfter(resp.Header), Text: clean(text, m.config.Key), Err: said.rejection(resp.StatusCode),
	}
}

// failure places the error of a call: the caller's end, our timeout, the endpoint's word, or the network.
func (m *chat) failure(ctx, limited context.Context, err error) error {
	if ctx.Err() != nil {
		if cause := context.Cause(ctx); cause != ctx.Err() {
			return fmt.Errorf("%s: %w: %w", m.config.Provider, ctx.Err(), cause)
		}
		return fmt.Errorf("%s: %w", m.config.Provider, ctx.Err())
	}
	if known, ok := errors.AsType[*model.Error](err); ok {
		return known
	}
	failed := &model.Error{Class: plan.ClassNetwork, Provider: m.config.Provider, Err: err}
	if limited.Err() != nil {
		failed.Class, failed.Text = plan.ClassTimeout, fmt.Sprintf("no answer within %v", m.config.Timeout)
		return failed
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		failed.Class = plan.ClassTimeout
	}
	// Without the URL round it: errors are shown to people, and the base URL is known.
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	failed.Text = clean(err.Error(), m.config.Key)
	return failed
}

// tooLong is the error of an answer that is longer than an answer may be.
func (m *chat) tooLong() error {
	return m.invalid(fmt.Sprintf("the answer is longer than %d MiB", model.MaxResponse>>20), nil)
}

// bounded is a body that fails when it is longer than allowed.
type bounded struct {
	io.ReadCloser
	left int64
	// rest is how much more a stream may hold when what is left is used up; see renew.
	rest int64
	over error
}

// renew allows the next event of a stream: each may be as long as an answer, and all of them as long as the rest.
func (b *bounded) renew() {
	if more := min(model.MaxResponse-b.left, b.rest); b.left >= 0 {
		b.left += more
		b.rest -= more
	}
}

// Read reads on, up to one byte more than is allowed.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.over
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return 0, b.over
	}
	return n, err
}

// said is what an endpoint said about a failure.
type said struct {
	message, code, param string
}

// errSchemaRefused marks a failure that says that the endpoint does not take a response_format with a schema.
var errSchemaRefused = errors.New("the endpoint takes no schema")

// errStreamRefused marks a failure that says that the endpoint does not stream, or does not count what a stream uses.
var errStreamRefused = errors.New("the endpoint does not stream")

// rejection is errSchemaRefused, errStreamRefused, or both, when that is what was said. An endpoint that knows schemas and
// finds fault with this one speaks of an invalid schema: asking again without it would hide the mistake.
func (s said) rejection(status int) error {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented:
	default:
		return nil
	}
	text := strings.ToLower(s.message)
	var stream error
	if strings.HasPrefix(s.param, "stream") || aboutStreams(text) {
		stream = errStreamRefused
	}
	about := strings.Contains(text, "response_format") || strings.Contains(text, "json_schema") ||
		strings.Contains(text, "structured output") || strings.HasPrefix(s.param, "response_format")
	if about && !strings.Contains(text, "invalid schema") {
		return errors.Join(errSchemaRefused, stream)
	}
	return stream
}

// refusesSchema says that an endpoint does not take schemas.
func refusesSchema(err error) bool { return errors.Is(err, errSchemaRefused) }

// refusesStream says that an endpoint does not stream as it was asked to.
func refusesStream(err error) bool { return errors.Is(err, errStreamRefused) }

// aboutStreams says that a text in small letters speaks of streams.
func aboutStreams(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) }) {
		if word == "stream" || word == "streaming" || word == "stream_options" {
			return true
		}
	}
	return false
}

// parseFailure reads the body of a failure: OpenAI's {"error": {…}}, Ollama's {"error": "…"}, vLLM's {"message": …},
// FastAPI's {"detail": …}; anything else says nothing.
func parseFailure(body []byte) said {
	var outer map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&outer) != nil {
		return said{}
	}
	if text, ok := outer["error"].(string); ok {
		return said{message: text}
	}
	inner, ok := outer["error"].(map[string]any)
	if !ok {
		inner = outer
	}
	text := func(keys ...string) string {
		for _, key := range keys {
			switch v := inner[key].(type) {
			case string:
				if v != "" {
					return v
				}
			case json.Number:
				return v.String()
			}
		}
		return ""
	}
	return said{message: text("message", "detail"), code: text("code", "type"), param: text("param")}
}

// complaint reads an error that was told under a status of success, with the status in its code if it has one there.
func complaint(body []byte) (text string, status int) {
	s := parseFailure(body)
	status, err := strconv.Atoi(s.code)
	if err != nil || status < 400 || status > 599 {
		status = 0
	}
	return s.message, status
}

// classOf is the class of a failure.
func classOf(status int, code, text string) plan.Class {
	text = strings.ToLower(text)
	switch {
	case code == "context_length_exceeded", status/100 == 4 && strings.Contains(text, "context length"),
		status/100 == 4 && strings.Contains(text, "context window"):
		return plan.ClassContextLength
	case strings.HasPrefix(code, "content_filter"), strings.HasPrefix(code, "content_policy"):
		return plan.ClassContentFilter
	case code == "insufficient_quota":
		return plan.ClassAuth // the account has nothing left to spend; waiting does not mend it
	}
	switch status {
	case http.StatusTooManyRequests:
		return plan.ClassRateLimit
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired:
		return plan.ClassAuth
	case http.StatusRequestTimeout:
		return plan.ClassTimeout
	case http.StatusConflict, http.StatusTooEarly:
		return plan.ClassOverload
	}
	switch {
	case status >= 500:
		return plan.ClassOverload
	case status >= 300:
		return plan.ClassBadRequest
	}
	return plan.ClassNone
}

// clean makes one line of bounded length of what an endpoint said, without the key.
func clean(text, key string) string {
	const longest = 500
	if key != "" {
		text = strings.ReplaceAll(text, key, "[key]")
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return strings.TrimSpace(text)
}
