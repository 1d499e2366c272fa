package weir_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/telemetry"
)

// writer is a step that asks a model for text.
func writer(m model.Model) weir.Step[string, string] {
	return agent.New[string]("write", agent.Spec[string]{Model: m})
}

// streamed runs a step and gives the parts that were told.
func streamed[O any](t *testing.T, s weir.Step[string, O]) ([]string, *weir.Result[O], error) {
	t.Helper()
	run := compile(t, s).Stream(t.Context(), "hi")
	var told []string
	for e := range run.Events() {
		if e.Type == telemetry.AgentChunk {
			told = append(told, e.Text)
		}
	}
	r, err := run.Result()
	return told, r, err
}

func TestTheLastStepTellsItsAnswerInParts(t *testing.T) {
	t.Parallel()
	parts := []string{"the ", "the ", "answer", "\n"} // two alike in a row are two
	m := modeltest.Replies(t, modeltest.Reply{Parts: parts})
	told, r, err := streamed(t, weir.Then(weir.Func("first", func(_ context.Context, in string) (string, error) { return in, nil }), writer(m)))
	if err != nil || !slices.Equal(told, parts) || r.Output != strings.Join(parts, "") || r.Status != weir.Completed {
		t.Errorf("parts %q, result %+v, %v", told, r, err)
	}
}

func TestPartsComeBetweenTheBeginningAndTheEndOfTheirStep(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b"}})
	run := compile(t, writer(m)).Stream(t.Context(), "hi", weir.ID("run-1"))
	var got []string
	for e := range run.Events() {
		if e.Run != "run-1" || e.Type == telemetry.AgentChunk && (e.Kind != "agent" || e.Site != 0) {
			t.Errorf("event %+v", e)
		}
		got = append(got, strings.TrimSpace(string(e.Type)+" "+e.Path+" "+e.Text))
	}
	const want = "run.started, step.started write, agent.chunk write a, agent.chunk write b, step.completed write, run.completed"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	for range run.Events() {
		t.Error("a second range gives events")
	}
}

func TestEventsOfAStartedRunHoldTheParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b", "c"}, Pace: time.Minute})
		begun := time.Now()
		r, err := compile(t, writer(m)).Start(t.Context(), "hi")
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for e := range r.Events() {
			if e.Type == telemetry.AgentChunk {
				told = append(told, fmt.Sprint(e.Text, time.Since(begun).Minutes()))
			}
		}
		if !slices.Equal(told, []string{"a1", "b2", "c3"}) {
			t.Errorf("parts and minutes %v; want each when it was made", told)
		}
	})
}

func TestAModelThatDoesNotStreamTellsOnePart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{"the whole answer": {"the whole answer"}, "": nil} {
		m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
			return &model.Response{Text: text}, nil
		})
		if told, r, err := streamed(t, writer(m)); err != nil || !slices.Equal(told, want) || r.Output != text {
			t.Errorf("parts %q, output %q, %v; want %q", told, r.Output, err, want)
		}
	}
}

func TestAFailureAfterTheFirstPartIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	broken := &model.Error{Class: plan.ClassNetwork, Text: "hung up"}
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"half "}, Err: broken})
	told, r, err := streamed(t, writer(m))
	if !errors.Is(err, broken) || r.Status != weir.Failed || !slices.Equal(told, []string{"half "}) || m.Asked() != 1 {
		t.Errorf("parts %q, status %v, err = %v after %d questions", told, r.Status, err, m.Asked())
	}
	wants(t, err, "weir: write (agent): network: hung up")
}

func TestAFailureBeforeTheFirstPartIsTriedAgain(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Err: errBoom}, modeltest.Reply{Parts: []string{"a", "b"}})
	told, r, err := streamed(t, writer(m))
	if err != nil || r.Output != "ab" || !slices.Equal(told, []string{"a", "b"}) || r.Steps[0].Attempts() != 2 {
		t.Errorf("parts %q, output %q in %d attempts, %v", told, r.Output, r.Steps[0].Attempts(), err)
	}
}

func TestATimeoutAfterTheFirstPartIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b", "c"}, Pace: 40 * time.Second})
		told, _, err := streamed(t, writer(m).With(timeout.After(time.Minute)))
		if !errors.Is(err, weir.ErrTimeout) || !slices.Equal(told, []string{"a"}) || m.Asked() != 1 {
			t.Errorf("parts %q, err = %v after %d questions", told, err, m.Asked())
		}
	})
}

func TestAStreamWithoutAnAnswerIsAFailure(t *testing.T) {
	t.Parallel()
	m := endless(func(_ context.Context, take func(model.Chunk) error) (*model.Response, error) {
		return nil, take(model.Chunk{Text: "a"})
	})
	told, _, err := streamed(t, writer(m))
	if err == nil || len(told) != 1 || plan.ClassOf(err) != plan.ClassInvalidOutput {
		t.Errorf("parts %q, err = %v", told, err)
	}
	wants(t, err, "no terminal outcome")
}

func TestTheAnswerToAFurtherQuestionIsNotTold(t *testing.T) {
	t.Parallel()
	type number struct {
		N int `json:"n"`
	}
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{`{"m"`, `:1}`}}, modeltest.Reply{Parts: []string{`{"n"`, `:1}`}})
	told, r, err := streamed(t, agent.New[number]("write", agent.Spec[string]{Model: m}))
	if err != nil || r.Output.N != 1 || strings.Join(told, "") != `{"m":1}` {
		t.Errorf("parts %q, output %+v, %v", told, r.Output, err)
	}
	// Nor is that of a further attempt.
	bad := modeltest.Reply{Text: "prose"}
	m = modeltest.Replies(t, bad, modeltest.Reply{Text: "more prose"}, modeltest.Reply{Text: `{"n":2}`})
	told, r, err = streamed(t, agent.New[number]("write", agent.Spec[string]{Model: m}))
	if err != nil || r.Output.N != 2 || strings.Join(told, "") != "prose" || r.Steps[0].Attempts() != 2 {
		t.Errorf("parts %q, output %+v, %v", told, r.Output, err)
	}
}

func TestAnAnswerThatAChecksRefusesWasTold(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b"}})
	never := validate.With("never", func(string) error { return errBoom })
	told, r, err := streamed(t, writer(m).With(never))
	if !errors.Is(err, weir.ErrValidation) || len(told) != 2 || r.Output != "ab" {
		t.Errorf("parts %q, output %q, %v", told, r.Output, err)
	}
}

// endless is a model that streams by a function.
type endless func(ctx context.Context, take func(model.Chunk) error) (*model.Response, error)

func (endless) Generate(context.Context, *model.Request) (*model.Response, error) {
	return nil, errors.New("not asked for a stream")
}

func (f endless) Stream(ctx context.Context, _ *model.Request, take func(model.Chunk) error) (*model.Response, error) {
	return f(ctx, take)
}

func TestLeavingTheRangeStopsTheModelAndLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // fails when a goroutine is left
		var made atomic.Int64
		stopped := false
		m := endless(func(_ context.Context, take func(model.Chunk) error) (*model.Response, error) {
			for {
				made.Add(1)
				if err := take(model.Chunk{Text: "more "}); err != nil {
					stopped = true
					return nil, err
				}
			}
		})
		run := compile(t, writer(m)).Stream(t.Context(), "hi")
		taken := 0
		for e := range run.Events() {
			if e.Text == "" {
				continue
			}
			if taken++; taken == 3 {
				break
			}
		}
		if !stopped || made.Load() > 3+17 {
			t.Errorf("stopped: %t, after %d parts", stopped, made.Load())
		}
		r, err := run.Result()
		if !errors.Is(err, weir.ErrCanceled) || r.Status != weir.Canceled {
			t.Errorf("status %v, %v", r.Status, err)
		}
		wants(t, err, "the range over its events was left")
	})
}

func TestAPanicInTheRangeEndsTheRunToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := compile(t, writer(modeltest.Replies(t, modeltest.Reply{Delay: modeltest.Forever}))).Stream(t.Context(), "hi")
		func() {
			defer func() {
				if recover() != "kaput" {
					t.Error("the panic is lost")
				}
			}()
			for range run.Events() {
				panic("kaput")
			}
		}()
		if _, err := run.Result(); !errors.Is(err, weir.ErrCanceled) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestASlowRangeHoldsTheModel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const parts = 100
		made := 0
		m := endless(func(_ context.Context, take func(model.Chunk) error) (*model.Response, error) {
			for made = range parts {
				if err := take(model.Chunk{Text: "x"}); err != nil {
					return nil, err
				}
			}
			return &model.Response{Text: strings.Repeat("x", parts)}, nil
		})
		taken := 0
		run := compile(t, writer(m)).Stream(t.Context(), "hi")
		for e := range run.Events() {
			<-time.After(time.Minute)
			synctest.Wait()
			if e.Text != "" {
				taken++
			}
			if made > taken+18 {
				t.Fatalf("%d parts were made when %d were taken", made, taken)
			}
		}
		if r, err := run.Result(); err != nil || taken != parts || len(r.Output) != parts {
			t.Errorf("%d parts, output of %d, %v", taken, len(r.Output), err)
		}
	})
}

func TestTheCallersEndEndsAStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b"}, Pace: time.Minute})
		run := compile(t, writer(m)).Stream(ctx, "hi")
		last := weir.Event{}
		for e := range run.Events() {
			last = e
		}
		if _, err := run.Result(); !errors.Is(err, weir.ErrCanceled) || last.Type != telemetry.RunFailed || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the last event is %s, err = %v", last.Type, err)
		}
	})
}

func TestResultWithoutARangeRunsThePlanAndInsideOneRefuses(t *testing.T) {
	t.Parallel()
	run := compile(t, weir.Func("inc", inc)).Stream(t.Context(), 1)
	if r, err := run.Result(); err != nil || r.Output != 2 {
		t.Errorf("output %d, %v", r.Output, err)
	}
	for range run.Events() {
		t.Error("the run ran twice")
	}
	run = compile(t, weir.Func("inc", inc)).Stream(t.Context(), 1)
	for range run.Events() {
		if r, err := run.Result(); err == nil || r.Status != weir.Running {
			t.Errorf("inside the range: status %v, %v", r.Status, err)
		}
	}
	if r, err := run.Result(); err != nil || r.Output != 2 {
		t.Errorf("output %d, %v", r.Output, err)
	}
}

func ExamplePlan_Stream() {
	m := modeltest.Replies(nil, modeltest.Reply{Parts: []string{"Once ", "upon ", "a time."}})
	p, err := weir.Compile(agent.New[string]("tell", agent.Spec[string]{Model: m}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := p.Stream(context.Background(), "Tell me a tale.")
	for e := range s.Events() {
		if e.Type == telemetry.AgentChunk {
			fmt.Printf("%q\n", e.Text)
		}
	}
	r, err := s.Result()
	fmt.Println(r.Output, err)
	// Output:
	// "Once "
	// "upon "
	// "a time."
	// Once upon a time. <nil>
}
