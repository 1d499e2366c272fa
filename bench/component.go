package bench

import (
	"context"
	"errors"
	"strconv"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/human"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// components are workloads that are one part of weir and little else.
func components() []Workload {
	return []Workload{
		agents(), layered("processors", processed), layered("validators", validated), layered("plugins", judged),
		hooked(), journaled("journal_off", false), journaled("journal_on", true), asked(), started(),
	}
}

// verdict is what the agent of the workload agent answers.
type verdict struct {
	Title string   `json:"title"`
	Score int      `json:"score"`
	Tags  []string `json:"tags"`
}

// says is a model that gives one answer at once. Package modeltest has models for tests; it would link package testing into a program.
type says string

func (s says) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Text: string(s), Finish: model.FinishStop, Usage: usage.Usage{Requests: 1, InputTokens: 200, OutputTokens: 30}}, nil
}

// agents is an agent step with structured output: prompt, schema, call, decoding.
func agents() Workload {
	return Workload{name: "agent", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		write := agent.New[verdict]("write", agent.Spec[int]{
			Model: says(`{"title": "All is well", "score": 7, "tags": ["calm", "quiet"]}`), System: "You judge.",
			Prompt: func(_ context.Context, n int) (string, error) { return "Judge number " + strconv.Itoa(n) + ".", nil },
		})
		score := weir.Func("score", func(_ context.Context, v verdict) (int, error) { return v.Score + len(v.Tags), nil })
		p, err := weir.Compile(weir.Then(write, score), &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return asking(ctx, p, 3, 9), nil
	}}
}

// layered is ten steps that each have layers round them.
func layered(name string, layers func() []plan.Layer) Workload {
	steps := make([]weir.Step[int, int], 10)
	for i := range steps {
		steps[i] = weir.Func("s"+strconv.Itoa(i), increment).With(layers()...)
	}
	want := 11
	if name != "validators" {
		want = 21 // the layers add one each
	}
	return planned(name, weir.Chain("seq", steps...), 1, want)
}

// processed changes the input and the output.
func processed() []plan.Layer {
	return []plan.Layer{process.Prompt(increment, decrement), process.Output(increment)}
}

func decrement(_ context.Context, n int) (int, error) { return n - 1, nil }

// validated are four checks.
func validated() []plan.Layer {
	positive := func(n int) error {
		if n < 0 {
			return errors.New("it is negative")
		}
		return nil
	}
	return []plan.Layer{validate.All(validate.With("a", positive), validate.With("b", positive), validate.With("c", positive), validate.With("d", positive))}
}

// judged are two plugins.
func judged() []plan.Layer {
	pass := func(context.Context, int) (plugin.Outcome, error) { return plugin.Pass(), nil }
	return []plan.Layer{plugin.With(plugin.New("judge", pass), plugin.Rewrite("raise", increment))}
}

// told is ten steps whose telemetry a recorder takes.
func told(name string, r telemetry.Recorder) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(chain10(increment), &weir.Config{Telemetry: r, Without: without})
		if err != nil {
			return nil, err
		}
		return asking(ctx, p, 1, 11), nil
	}}
}

// tally is a recorder of summaries that adds up what each step took.
type tally struct{ busy, count int64 }

func (*tally) Event(context.Context, *telemetry.Event) {}
func (*tally) Events() bool                            { return false }
func (t *tally) Summary(_ context.Context, s *telemetry.Summary) {
	for i := range s.Records {
		t.busy += s.Records[i].Busy
		t.count += int64(s.Records[i].Count)
	}
}

// eventCount is a recorder that counts events.
type eventCount struct{ n int64 }

func (e *eventCount) Event(context.Context, *telemetry.Event) { e.n++ }
func (*eventCount) Borrows() bool                             { return true }

// hooked is ten steps of which a hook is told.
func hooked() Workload {
	return Workload{name: "hooks", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		p, err := weir.Compile(chain10(increment), &weir.Config{Hooks: []hook.Hook{&counter{}}, Without: without})
		if err != nil {
			return nil, err
		}
		return asking(ctx, p, 1, 11), nil
	}}
}

// journaled is ten steps, whose run is recorded in memory, or is not. A run that has ended is forgotten.
func journaled(name string, on bool) Workload {
	return Workload{name: name, unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		c := &weir.Config{Without: without}
		store := journal.NewMemory()
		if on {
			c.Journal = store
		}
		p, err := weir.Compile(chain10(increment), c)
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				r, err := p.Execute(ctx, 1)
				if err != nil {
					return err
				}
				if on {
					err = store.Delete(ctx, r.ID)
				}
				if err != nil || r.Output != 11 {
					return wrong(r.Output, 11, err)
				}
			}
			return nil
		}}, nil
	}}
}

// asked is a run that pauses for a person, is answered, and goes on.
func asked() Workload {
	return Workload{name: "human", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		ask := human.Ask[int, int]("ask", human.Text[int]("How many?"))
		s := weir.Then3(weir.Func("before", increment), ask, weir.Func("after", increment))
		p, err := weir.Compile(s, &weir.Config{Without: without})
		if err != nil {
			return nil, err
		}
		return &work{run: func(n int) error {
			for range n {
				if err := pauseAndAnswer(ctx, p); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

func pauseAndAnswer(ctx context.Context, p *weir.Plan[int, int]) error {
	run, err := p.Start(ctx, 1)
	if err != nil {
		return err
	}
	r, err := run.Wait(ctx)
	if err != nil {
		return err
	}
	if len(r.Pending) != 1 {
		return errors.New("the run does not wait for a person")
	}
	if err := run.Answer(ctx, r.Pending[0].ID, 41); err != nil {
		return err
	}
	if r, err = run.Wait(ctx); err != nil {
		return err
	}
	if r.Output != 42 {
		return wrong(r.Output, 42, nil)
	}
	return nil
}
