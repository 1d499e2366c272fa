package modeltest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// collected asks a model for streams and gives whole answers, so that the suite holds for both ways of asking.
type collected struct {
	t *testing.T
	model.Streamer
}

// Provider is the model's, empty when it does not say.
func (c collected) Provider() string {
	if n, ok := c.Streamer.(model.Named); ok {
		return n.Provider()
	}
	return ""
}

// Name is the model's, empty when it does not say.
func (c collected) Name() string {
	if n, ok := c.Streamer.(model.Named); ok {
		return n.Name()
	}
	return ""
}

// Generate asks for a stream and checks that its parts are the answer.
func (c collected) Generate(ctx context.Context, r *model.Request) (*model.Response, error) {
	var told []string
	resp, err := c.Stream(ctx, r, func(part model.Chunk) error {
		told = append(told, part.Text)
		return nil
	})
	if slices.Contains(told, "") {
		c.t.Errorf("an empty part was told: %q", told)
	}
	if (err == nil) != (resp != nil) {
		c.t.Errorf("answer %+v, error %v; there must be one of them", resp, err)
	}
	if err == nil && strings.Join(told, "") != resp.Text {
		c.t.Errorf("the parts %q are not the answer %q", told, resp.Text)
	}
	return resp, err
}

// errEnough is what a taker says that wants no more.
var errEnough = errors.New("enough")

func streamsInOrder(t *testing.T, m model.Streamer, s *Server) {
	want := []string{"a", "b", "b", " ", "\n", "é🙂", "a", "{\"b\": 1}"} // two alike in a row are two
	s.Next(Answer{Parts: want})
	var told []string
	resp, err := m.Stream(t.Context(), question(), func(c model.Chunk) error {
		told = append(told, c.Text)
		return nil
	})
	if err != nil || !slices.Equal(told, want) || resp.Text != strings.Join(want, "") {
		t.Errorf("parts %q, answer %+v, %v; want the parts %q", told, resp, err, want)
	}
}

func streamsLive(t *testing.T, m model.Streamer, s *Server) {
	s.Next(Answer{Parts: []string{"begun ", "never told"}, Fault: Silent}) // the server waits after the first part
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told []string
	_, err := m.Stream(ctx, question(), func(c model.Chunk) error {
		told = append(told, c.Text)
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || !slices.Equal(told, []string{"begun "}) {
		t.Errorf("parts %q, err = %v; want the first part and context.Canceled", told, err)
	}
	gone(t, s)
}

func streamsTorn(t *testing.T, m model.Streamer, s *Server) {
	parts := []string{"naïve ", "🙂🙂 ", "\u2028\"<&>\"\n\n", "data: [DONE]", "end"}
	for _, torn := range []int{1, 2, 3, 7, 64, 1000} {
		s.Next(Answer{Parts: parts, Torn: torn, Usage: usage.Usage{OutputTokens: 5}})
		var told []string
		resp, err := m.Stream(t.Context(), question(), func(c model.Chunk) error {
			told = append(told, c.Text)
			return nil
		})
		if err != nil || !slices.Equal(told, parts) || resp.Text != strings.Join(parts, "") || resp.Usage.OutputTokens != 5 {
			t.Errorf("%d bytes at a time: parts %q, answer %+v, %v", torn, told, resp, err)
		}
	}
}

func streamsBroken(t *testing.T, m model.Streamer, s *Server) {
	parts := slices.Repeat([]string{"word "}, 100)
	s.Next(Answer{Parts: parts, Fault: CutOff})
	told := 0
	resp, err := m.Stream(t.Context(), question(), func(model.Chunk) error {
		told++
		return nil
	})
	if resp != nil || plan.ClassOf(err) != plan.ClassNetwork || told == 0 || told >= len(parts) {
		t.Errorf("%d parts, answer %+v, err = %v; want some parts and an error of class %s", told, resp, err, plan.ClassNetwork)
	}
}

func stopsOnTaker(t *testing.T, m model.Streamer, s *Server) {
	s.Next(Answer{Parts: []string{"begun ", "never told"}, Fault: Silent})
	told := 0
	resp, err := m.Stream(t.Context(), question(), func(model.Chunk) error {
		told++
		return errEnough
	})
	if !errors.Is(err, errEnough) || resp != nil || told != 1 {
		t.Errorf("answer %+v, err = %v after %d parts; want the taker's error after the first", resp, err, told)
	}
	gone(t, s)
}

func streamsUnmetered(t *testing.T, m model.Streamer, s *Server) {
	s.Next(Answer{Text: "six times seven", Fault: Unmetered})
	resp, err := m.Stream(t.Context(), question(), func(model.Chunk) error { return nil })
	if err != nil || resp.Text != "six times seven" || resp.Usage.Requests != 1 || resp.Usage.Tokens() != 0 {
		t.Errorf("answer %+v, %v; want the text and one request without tokens", resp, err)
	}
}

// gone waits until the server has seen its caller leave.
func gone(t *testing.T, s *Server) {
	t.Helper()
	select {
	case <-s.Left():
	case <-t.Context().Done():
		t.Error("the endpoint still answers")
	}
}
