package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

func TestStrictOnlyWhereTheSchemaAllows(t *testing.T) {
	t.Parallel()
	const closed = `"required":["a"],"additionalProperties":false`
	for schema, want := range map[string]bool{
		`{"type":"object","properties":{"a":{"type":"string"}},` + closed + `}`:                                    true,
		`{"type":"object","properties":{},"additionalProperties":false}`:                                           true,
		`{"type":"object","properties":{"a":{"type":["string","null"]}},` + closed + `}`:                           true,
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/d"}},"$defs":{"d":{"enum":[1]}},` + closed + `}`:      true,
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`:                                  false,
		`{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`:                      false,
		`{"type":"object","properties":{"a":{"type":"object"}},` + closed + `}`:                                    false,
		`{"type":"object","properties":{"a":{"type":["object","null"]}},` + closed + `}`:                           false,
		`{"type":"object","properties":{"a":{"type":"array","items":{"properties":{"b":{}}}}},` + closed + `}`:     false,
		`{"type":"object","properties":{"a":{"anyOf":[{"type":"object"}]}},` + closed + `}`:                        false,
		`{"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}},` + closed + `}`:                        false,
		`{"type":"object","properties":{"a":{"minLength":1}},` + closed + `}`:                                      false,
		`{"type":"object","properties":{"a":true},` + closed + `}`:                                                 false,
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/d"}},"$defs":{"d":{"type":"object"}},` + closed + `}`: false,
		`{"type":"array","items":{"type":"string"}}`:                                                               false,
		`true`:  false,
		`{"ty`:  false,
		`"str"`: false,
	} {
		if got := strict(json.RawMessage(schema)); got != want {
			t.Errorf("strict = %t, want %t: %s", got, want, schema)
		}
	}
}

func TestSchemaNameIsOneThatOpenAITakes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "answer", "ok_1-A": "ok_1-A", "a b/ü": "a_b__", strings.Repeat("x", 100): strings.Repeat("x", 64),
	} {
		if got := schemaName(name); got != want {
			t.Errorf("schemaName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestOnlyOpenAIGetsItsOwnNameForTheLength(t *testing.T) {
	t.Parallel()
	for official, want := range map[bool]string{true: `"max_completion_tokens":7`, false: `"max_tokens":7`} {
		m := &chat{config: Config{Model: "m"}, official: official}
		p, err := m.params(&model.Request{System: "s", Settings: model.Settings{MaxTokens: model.Set[int64](7)}}, false)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(p)
		if err != nil || !strings.Contains(string(b), want) || strings.Count(string(b), "tokens") != 1 {
			t.Errorf("official %t: %s, %v; want %s", official, b, err, want)
		}
	}
}

func TestDateOfRetryAfterIsReadByTheEndpointsClock(t *testing.T) {
	t.Parallel()
	skewed := time.Now().Add(-3 * time.Hour).UTC()
	h := http.Header{}
	h.Set("Date", skewed.Format(http.TimeFormat))
	h.Set("Retry-After", skewed.Add(30*time.Second).Format(http.TimeFormat))
	if got := retryAfter(h); got != 30*time.Second {
		t.Errorf("wait = %v, want 30s", got)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, v := range []string{"", "2", "-1", "1e400", "NaN", "Wed, 21 Oct 2015 07:28:00 GMT", "0x1p-2", "1_0"} {
		f.Add(v, v)
	}
	f.Fuzz(func(t *testing.T, seconds, millis string) {
		h := http.Header{"Retry-After": {seconds}, "Retry-After-Ms": {millis}}
		if d := retryAfter(h); d < 0 || d > longestWait {
			t.Errorf("wait = %v", d)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"x","choices":[{"message":{"content":"hi","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}`))
	f.Add([]byte(`{"error":{"message":"no","code":502}}`))
	f.Add([]byte(`{"choices":{}}`))
	f.Add([]byte(`{"choices":[null],"usage":7}`))
	f.Add([]byte(`[[[[`))
	m := &chat{config: Config{Model: "m", Provider: "openai"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		resp, err := m.read(body)
		if (resp == nil) == (err == nil) {
			t.Fatalf("answer %+v and error %v", resp, err)
		}
		if err != nil {
			if plan.CodeOf(err) != plan.CodeModel || len(err.Error()) > 4000 {
				t.Errorf("err = %v", err)
			}
			return
		}
		u := resp.Usage
		if u != u.Clamp() || u.Requests != 1 || u.InputTokens == math.MinInt64 {
			t.Errorf("usage = %+v", u)
		}
	})
}

func TestAStreamMayBeLongerThanAnAnswerButNotEndless(t *testing.T) {
	t.Parallel()
	over := errors.New("over")
	event := strings.Repeat("x", 1<<20)
	b := &bounded{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat(event, 100))), left: model.MaxResponse, rest: 30 << 20, over: over}
	read := 0
	for p := make([]byte, len(event)); ; read++ {
		if _, err := io.ReadFull(b, p); err != nil {
			if err != over {
				t.Errorf("err = %v", err)
			}
			break
		}
		b.renew()
	}
	if read != 46 { // the answer that any body may be, and the rest
		t.Errorf("%d MiB were read, want 46", read)
	}
	if b.renew(); b.left >= 0 {
		t.Error("a body that was too long goes on")
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"))
	f.Add([]byte("data: {\"choices\":[{\"delta\":{\"refusal\":\"no\"}}],\"usage\":{\"prompt_tokens\":-1}}\r\n\r\n"))
	f.Add([]byte(": x\nevent: error\ndata: {\"error\":{\"message\":\"no\",\"code\":502}}\n\n"))
	f.Add([]byte("data: {\"choices\":[null]}\ndata: \n\n"))
	f.Add([]byte("data: [[[[\n\n"))
	m := &chat{config: Config{Model: "m", Provider: "openai"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		var told strings.Builder
		g := gathered{chat: m, take: func(c model.Chunk) error {
			if c.Text == "" {
				t.Error("an empty part")
			}
			told.WriteString(c.Text)
			return nil
		}}
		raw := &http.Response{Body: &bounded{ReadCloser: io.NopCloser(bytes.NewReader(body)), left: model.MaxResponse, over: m.tooLong()}}
		if g.events(raw) != nil {
			return
		}
		resp, err := m.answer(g.completion())
		if (resp == nil) == (err == nil) {
			t.Fatalf("answer %+v and error %v", resp, err)
		}
		if resp != nil && (resp.Text != told.String() || resp.Usage != resp.Usage.Clamp()) {
			t.Errorf("answer %+v of the parts %q", resp, told.String())
		}
	})
}

func FuzzFailureText(f *testing.F) {
	f.Add([]byte(`{"error":{"message":"no","code":"x","param":"response_format"}}`), "k")
	f.Add([]byte(`{"error":"text"}`), "")
	f.Add([]byte(`{"detail":[1]}`), "text")
	f.Fuzz(func(t *testing.T, body []byte, key string) {
		s := parseFailure(body)
		s.rejection(http.StatusBadRequest)
		complaint(body)
		if text := clean(s.message, key); strings.ContainsAny(text, "\n\r\x00") || len([]rune(text)) > 501 {
			t.Errorf("text = %q", text)
		}
	})
}

func FuzzStrict(f *testing.F) {
	f.Add([]byte(`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`))
	f.Add([]byte(`{"type":["object"],"properties":7,"required":{},"anyOf":[[]]}`))
	f.Fuzz(func(_ *testing.T, raw []byte) { strict(raw) })
}
