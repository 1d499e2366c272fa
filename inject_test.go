package weir_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// injected counts what the objects of a Config are asked for: it is all of them.
type injected struct {
	local.Engine
	*journal.Memory
	usage.Totals
	drives, permits, events, metered, estimated, decided, hooked, logged, models, appended atomic.Int32
}

func (i *injected) Drive(ctx context.Context, p *plan.Program, in any, job *engine.Job, out *engine.Outcome) (any, error) {
	i.drives.Add(1)
	return i.Engine.Drive(ctx, p, in, job, out)
}
func (i *injected) Acquire(context.Context) error           { i.permits.Add(1); return nil }
func (i *injected) Release()                                { i.permits.Add(100) }
func (i *injected) Event(context.Context, *telemetry.Event) { i.events.Add(1) }
func (i *injected) Model(string) (model.Model, error) {
	i.models.Add(1)
	return model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Text: "hi", Usage: usage.Usage{InputTokens: 1}}, nil
	}), nil
}
func (i *injected) Estimate(usage.Call) usage.Usage { i.estimated.Add(1); return usage.Usage{Cost: 5} }
func (i *injected) PostRun(context.Context, hook.RunEnd) error {
	i.hooked.Add(1)
	return errors.New("told")
}

// meter, store and log are the objects whose methods would meet those above.
type meter struct{ *injected }

func (m meter) Add(_ context.Context, u usage.Usage) { m.metered.Add(int32(u.Cost)) }
func (m meter) Total() usage.Usage                   { return usage.Usage{} }

type store struct {
	*journal.Memory
	of *injected
}

func (s store) Append(ctx context.Context, c journal.Claim, r []journal.Record) error {
	s.of.appended.Add(int32(len(r)))
	return s.Memory.Append(ctx, c, r)
}

type logTo struct{ *injected }

func (w logTo) Write(b []byte) (int, error) { w.logged.Add(1); return len(b), nil }

func TestB012EachObjectOfTheConfigIsTheOneUsed(t *testing.T) {
	t.Parallel()
	i := &injected{Memory: journal.NewMemory()}
	p, err := weir.Compile(agent.New[string]("ask", agent.Spec[string]{Name: "any"}), &weir.Config{
		Models: i, Limiter: i, Meter: meter{i}, Prices: usage.Prices{"*": {Input: 7_000_000}}, Telemetry: i, Estimator: i, Engine: i, Hooks: []hook.Hook{i},
		Journal: store{i.Memory, i}, Logger: slog.New(slog.NewTextHandler(logTo{i}, nil)),
		Policy: policy.Func(func(context.Context, policy.Action) (policy.Verdict, error) {
			i.decided.Add(1)
			return policy.Allow(), nil
		}),
		Limits: usage.Limits{Cost: usage.AtMost(10)},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(t.Context(), "hello")
	if err != nil || out != "hi" {
		t.Fatal(out, err)
	}
	for what, n := range map[string]*atomic.Int32{
		"engine": &i.drives, "limiter": &i.permits, "telemetry": &i.events, "meter": &i.metered,
		"estimator": &i.estimated, "policy": &i.decided, "hooks": &i.hooked, "logger": &i.logged, "models": &i.models, "journal": &i.appended,
	} {
		if n.Load() == 0 {
			t.Errorf("the %s of the Config was not used", what)
		}
	}
	if i.permits.Load() != 101 || i.metered.Load() != 7 {
		t.Errorf("permits %d, metered %d", i.permits.Load(), i.metered.Load())
	}
}

func TestB015AKindIsReplacedByItsNameInTheWholePlan(t *testing.T) {
	t.Parallel()
	step := weir.Func("f", func(context.Context, string) (string, error) { return "mine", nil })
	p, err := weir.Compile(weir.Then(step, step.Named("g")), &weir.Config{Kinds: map[string]func(*plan.Builder, plan.Node) plan.Op{
		"func": func(b *plan.Builder, _ plan.Node) plan.Op {
			name := b.Step().Name
			return func(_ context.Context, _ plan.Frame, in any) (any, error) { return in.(string) + name, nil }
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := p.Run(t.Context(), ""); err != nil || out != "fg" || !strings.HasPrefix(p.Program().Sites[0].Path, "f") {
		t.Errorf("output %q, %v", out, err)
	}
}
