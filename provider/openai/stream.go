package openai

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/packages/ssestream"

	"github.com/weirflow/weir/model"
)

// Stream asks as Generate does and gives the parts of the answer to take as they come. An endpoint that refuses to stream, or to
// count what a stream uses, is asked again for the whole answer, which is then one part; that is remembered.
func (m *chat) Stream(ctx context.Context, r *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	if err := m.acceptable(r); err != nil {
		return nil, err
	}
	if m.whole.Load() {
		return m.inOne(ctx, r, take)
	}
	resp, err := m.fitting(r, func(plain bool) (*model.Response, error) { return m.parts(ctx, r, plain, take) })
	if err == nil || !refusesStream(err) {
		return resp, err
	}
	m.whole.Store(true)
	resp, err = m.inOne(ctx, r, take)
	if resp != nil {
		resp.Usage.Requests++
	}
	return resp, err
}

// inOne takes a whole answer as one part.
func (m *chat) inOne(ctx context.Context, r *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	resp, err := m.Generate(ctx, r)
	if err != nil {
		return nil, err
	}
	return hand(resp, take)
}

// hand gives a whole answer to take.
func hand(resp *model.Response, take func(model.Chunk) error) (*model.Response, error) {
	if resp.Text == "" {
		return resp, nil
	}
	if err := take(model.Chunk{Text: resp.Text}); err != nil {
		return nil, err
	}
	return resp, nil
}

// parts makes one call for a stream.
func (m *chat) parts(ctx context.Context, r *model.Request, plain bool, take func(model.Chunk) error) (*model.Response, error) {
	params, err := m.params(r, plain)
	if err != nil {
		return nil, err
	}
	params.StreamOptions.IncludeUsage = param.NewOpt(true)
	limited, cancel := m.limit(ctx)
	defer cancel() // ends the exchange, however far it has come
	var raw *http.Response
	_, err = m.service.New(limited, params, option.WithJSONSet("stream", true), option.WithResponseBodyInto(&raw))
	if err != nil {
		return nil, m.failure(ctx, limited, err)
	}
	defer raw.Body.Close()
	if sort, _, err := mime.ParseMediaType(raw.Header.Get("Content-Type")); err == nil && sort == "application/json" {
		body, err := io.ReadAll(raw.Body) // it does not stream, and does not say so
		if err != nil {
			return nil, m.failure(ctx, limited, err)
		}
		resp, err := m.read(body)
		if err != nil {
			return nil, err
		}
		return hand(resp, take)
	}
	g := gathered{chat: m, take: take}
	if err := g.events(raw); err != nil {
		if g.stopped {
			return nil, err
		}
		return nil, m.failure(ctx, limited, err)
	}
	return m.answer(g.completion())
}

// gathered is what has come of a streamed answer.
type gathered struct {
	*chat
	take func(model.Chunk) error
	// stopped says that take wanted no more.
	stopped bool

	whole         sdk.ChatCompletion
	text, refusal strings.Builder
	choices       bool // there was one
	finish        string
}

// events reads the events of a stream to its end.
func (g *gathered) events(raw *http.Response) error {
	body, bound := raw.Body.(*bounded)
	if bound {
		body.rest = maxStream
	}
	d := ssestream.NewDecoder(raw)
	for d.Next() {
		if bound {
			body.renew()
		}
		data := d.Event().Data
		if strings.HasPrefix(string(data[:min(len(data), len(endOfStream))]), endOfStream) {
			return nil
		}
		if err := g.event(data); err != nil {
			return err
		}
	}
	switch {
	case d.Err() != nil:
		return d.Err()
	case g.finish != "": // an endpoint may hang up instead of saying that this was all
		return nil
	}
	return io.ErrUnexpectedEOF
}

const (
	// endOfStream is the data of the last event.
	endOfStream = "[DONE]"
	// maxStream bounds all of a stream: its events are about two hundred bytes round a word.
	maxStream = 16 * model.MaxResponse
)

// event takes in one event.
func (g *gathered) event(data []byte) error {
	var c sdk.ChatCompletionChunk
	if err := json.Unmarshal(data, &c); err != nil {
		return g.invalid("the stream holds what is not the JSON of a chat completion: "+clean(err.Error(), ""), err)
	}
	if c.ID != "" {
		g.whole.ID = c.ID
	}
	if c.Model != "" {
		g.whole.Model = c.Model
	}
	if c.JSON.Usage.Valid() {
		g.whole.Usage = c.Usage
	}
	if len(c.Choices) == 0 {
		return g.told(data, g.used(&g.whole))
	}
	choice := c.Choices[0]
	g.choices = true
	if choice.FinishReason != "" {
		g.finish = choice.FinishReason
	}
	return g.delta(choice.Delta)
}

// delta takes in a part of the answer.
func (g *gathered) delta(d sdk.ChatCompletionChunkChoiceDelta) error {
	if g.text.Len()+g.refusal.Len()+len(d.Content)+len(d.Refusal) > model.MaxResponse {
		return g.tooLong()
	}
	g.refusal.WriteString(d.Refusal)
	if d.Content == "" {
		return nil
	}
	g.text.WriteString(d.Content)
	// A copy, because what was decoded may hold its whole event in memory.
	if err := g.take(model.Chunk{Text: strings.Clone(d.Content)}); err != nil {
		g.stopped = true
		return err
	}
	return nil
}

// completion is the whole answer as it would have come in one piece.
func (g *gathered) completion() *sdk.ChatCompletion {
	if g.choices {
		g.whole.Choices = []sdk.ChatCompletionChoice{{
			FinishReason: g.finish,
			Message:      sdk.ChatCompletionMessage{Content: g.text.String(), Refusal: g.refusal.String()},
		}}
	}
	return &g.whole
}
