package modeltest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// say is a request of one message.
func say(text string) *model.Request {
	return &model.Request{Messages: []model.Message{{Role: model.RoleUser, Content: text}}}
}

// recorder is a testing.TB that keeps what failed.
type recorder struct {
	testing.TB
	failed []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func TestScriptAnswersInOrderAndRemembers(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, "one", "two")
	for _, want := range []string{"one", "two"} {
		r := say("give me " + want)
		resp, err := m.Generate(t.Context(), r)
		if err != nil || resp.Text != want || resp.Usage.Requests != 1 || resp.Finish != model.FinishStop {
			t.Fatalf("answer = %+v, %v; want %s", resp, err, want)
		}
		r.Messages[0].Content = "changed after the call"
	}
	seen := m.Requests()
	if m.Asked() != 2 || len(seen) != 2 || seen[1].Messages[0].Content != "give me two" {
		t.Errorf("asked %d times: %+v", m.Asked(), seen)
	}
}

func TestScriptThatIsAskedTooOftenFailsTheTest(t *testing.T) {
	t.Parallel()
	rec := &recorder{TB: t}
	m := modeltest.Script(rec, "only")
	if _, err := m.Generate(t.Context(), say("a")); err != nil || len(rec.failed) > 0 {
		t.Fatal(err, rec.failed)
	}
	_, err := m.Generate(t.Context(), say("what now"))
	if plan.CodeOf(err) != plan.CodeModel || len(rec.failed) != 1 || !strings.Contains(rec.failed[0], "what now") {
		t.Errorf("err = %v, failures %q", err, rec.failed)
	}
	if _, err := modeltest.Script(nil).Generate(t.Context(), say("a")); err == nil {
		t.Error("a script without a test answered")
	}
}

func TestRepliesGiveUsageErrorsAndFinish(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	used := usage.Usage{Requests: 2, Cost: 7}
	m := modeltest.Replies(t, modeltest.Reply{Err: broken}, modeltest.Reply{Text: "cut", Usage: used, Finish: model.FinishLength})
	if _, err := m.Generate(t.Context(), say("a")); err != broken {
		t.Errorf("err = %v", err)
	}
	resp, err := m.Generate(t.Context(), say("a"))
	if err != nil || resp.Usage != used || resp.Finish != model.FinishLength {
		t.Errorf("answer = %+v, %v", resp, err)
	}
}

func TestDelayWaitsAndEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := modeltest.Replies(t, modeltest.Reply{Text: "late", Delay: time.Hour}, modeltest.Reply{Delay: modeltest.Forever}, modeltest.Reply{})
		begun := time.Now()
		if resp, err := m.Generate(t.Context(), say("a")); err != nil || resp.Text != "late" || time.Since(begun) != time.Hour {
			t.Errorf("answer = %+v, %v after %v", resp, err, time.Since(begun))
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, plan.ErrTimeout)
		defer cancel()
		begun = time.Now()
		if _, err := m.Generate(ctx, say("a")); !errors.Is(err, plan.ErrTimeout) || time.Since(begun) != time.Minute {
			t.Errorf("err = %v after %v", err, time.Since(begun))
		}
		if _, err := m.Generate(ctx, say("a")); !errors.Is(err, plan.ErrTimeout) {
			t.Errorf("a dead context was answered: %v", err)
		}
	})
}

func ExampleScript() {
	m := modeltest.Script(nil, "Paris")
	resp, err := m.Generate(context.Background(), say("The capital of France?"))
	fmt.Println(resp.Text, err, m.Asked())
	// Output: Paris <nil> 1
}

// streamed asks for a stream and gives the parts that came.
func streamed(ctx context.Context, m model.Streamer) (told []string, resp *model.Response, err error) {
	resp, err = m.Stream(ctx, say("a"), func(c model.Chunk) error {
		told = append(told, c.Text)
		return nil
	})
	return told, resp, err
}

func TestScriptStreamsItsPartsAndThenEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	used := usage.Usage{Requests: 1, OutputTokens: 2}
	m := modeltest.Replies(t,
		modeltest.Reply{Parts: []string{"a", "", "b"}, Usage: used}, modeltest.Reply{Text: "whole"}, modeltest.Reply{},
		modeltest.Reply{Parts: []string{"half"}, Err: broken}, modeltest.Reply{Text: "never told", Err: broken})
	for _, want := range []struct {
		told, text string
		err        error
	}{{told: "a|b", text: "ab"}, {told: "whole", text: "whole"}, {}, {told: "half", err: broken}, {err: broken}} {
		told, resp, err := streamed(t.Context(), m)
		if strings.Join(told, "|") != want.told || err != want.err || err == nil && resp.Text != want.text {
			t.Errorf("parts %q, answer %+v, %v; want %+v", told, resp, err, want)
		}
	}
}

func TestScriptStopsWithItsTakerOrItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		paced := modeltest.Reply{Parts: []string{"a", "b", "c"}, Pace: time.Minute}
		m := modeltest.Replies(t, paced, paced)
		if _, err := m.Stream(t.Context(), say("a"), func(model.Chunk) error { return enough }); err != enough {
			t.Errorf("err = %v, want the taker's", err)
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), 150*time.Second, plan.ErrTimeout)
		defer cancel()
		if told, _, err := streamed(ctx, m); !errors.Is(err, plan.ErrTimeout) || len(told) != 2 {
			t.Errorf("parts %q, err = %v", told, err)
		}
	})
}
