package budget_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/budget"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/usage"
)

func TestARefusedReservationDoesNotAskTheModel(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t)
	alternate := spends("alternate", 0, nil)
	s := fallback.To(ask(m).With(retry.UpTo(3), budget.Expect(tokens(5))), alternate)
	r, err := compile(t, s, &weir.Config{Limits: only(4)}).Execute(t.Context(), "hi")
	if e := limits(t, err); e != (usage.LimitError{What: "tokens", Limit: 4, Left: 4, Refused: true, Wanted: 5}) {
		t.Errorf("refusal %+v", e)
	}
	at, _ := r.Step("ask/ask")
	if m.Asked() != 0 || at.Attempts() != 0 || at.Note("exit_reason") != "quota_reservation_denied" || at.Success() || !r.Usage.IsZero() {
		t.Errorf("asked %d times, %d attempts, %v, used %+v", m.Asked(), at.Attempts(), at.Metadata(), r.Usage)
	}
	if _, ran := r.Step("ask/alternate"); ran {
		t.Error("the alternate ran")
	}
}

func TestAttemptsBeforeTheRefusalAreCounted(t *testing.T) {
	t.Parallel()
	s := spends("a", 3, errBoom).With(retry.UpTo(9), budget.Expect(tokens(4)))
	r, err := compile(t, s, &weir.Config{Limits: only(10)}).Execute(t.Context(), "")
	if e := limits(t, err); !e.Refused || e.Spent != 9 || r.Steps[0].Attempts() != 3 || r.Usage != tokens(9) {
		t.Errorf("refusal %+v after %d attempts, used %+v", e, r.Steps[0].Attempts(), r.Usage)
	}
}

func TestWhatIsReportedIsTakenFromWhatWasSetAside(t *testing.T) {
	t.Parallel()
	var inside, reported []int64
	s := weir.Func("a", func(ctx context.Context, in string) (string, error) {
		b := usage.SinkOf(ctx).Budget()
		inside = append(inside, left(b))
		for _, n := range []int64{2, 2, 3} {
			if err := usage.Report(ctx, tokens(n)); err != nil {
				return "", err
			}
			reported = append(reported, left(b))
		}
		return in, nil
	}).With(budget.Expect(tokens(5)))
	after := int64(-1)
	last := weir.Func("last", func(ctx context.Context, in string) (string, error) {
		after = left(usage.SinkOf(ctx).Budget())
		return in, nil
	})
	_, err := compile(t, weir.Chain("main", s, last), &weir.Config{Limits: only(10)}).Run(t.Context(), "")
	if err != nil || !slices.Equal(inside, []int64{5}) || !slices.Equal(reported, []int64{5, 5, 3}) || after != 3 {
		t.Errorf("%v: %v left at first, %v after each report, %d in the end", err, inside, reported, after)
	}
}

func TestWhatIsNotUsedComesBackHoweverTheStepEnds(t *testing.T) {
	t.Parallel()
	ends := map[string]func(ctx context.Context) error{
		"success":  func(context.Context) error { return nil },
		"an error": func(context.Context) error { return errBoom },
		"a panic":  func(context.Context) error { panic("boom") },
		"a pause":  func(context.Context) error { return plan.ErrPaused },
		"an abort": func(context.Context) error { return plan.ErrAborted },
		"a timeout, or the caller": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
	}
	for name, end := range ends {
		synctest.Test(t, func(t *testing.T) {
			b := shared(t, 10)
			s := weir.Func("a", func(ctx context.Context, in string) (string, error) {
				if left(b) != 4 {
					t.Errorf("%s: %d left while the step runs, want 4", name, left(b))
				}
				if err := usage.Report(ctx, tokens(1)); err != nil {
					return "", err
				}
				return in, end(ctx)
			})
			for _, late := range []bool{true, false} {
				before := left(b)
				layers := []plan.Layer{budget.From(b), budget.Expect(tokens(before - 4))}
				if late {
					layers = append(layers, timeout.After(time.Minute))
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				_, err := compile(t, s.With(layers...), nil).Run(ctx, "")
				cancel()
				if (err == nil) != (name == "success") || left(b) != before-1 {
					t.Errorf("%s: %v, %d left of %d", name, err, left(b), before)
				}
			}
		})
	}
}

func TestTheEstimatorIsAskedForStepsThatAskAModel(t *testing.T) {
	t.Parallel()
	var calls []usage.Call
	e := estimator(func(c usage.Call) usage.Usage {
		calls = append(calls, c)
		return tokens(3)
	})
	c := &weir.Config{Estimator: e, Models: model.Models{"local:m": answers(2)}, Limits: usage.Limits{Calls: usage.AtMost(2), Tokens: usage.AtMost(5)}}
	named := agent.New[string]("named", agent.Spec[string]{Name: "local:m"})
	hinted := ask(answers(1)).With(budget.Expect(tokens(1)))
	p := compile(t, weir.Chain("main", spends("free", 0, nil), named, hinted), c)
	r, err := p.Execute(t.Context(), "hi")
	if err != nil || r.Usage.Tokens() != 3 {
		t.Errorf("%v, used %+v", err, r.Usage)
	}
	if len(calls) != 1 || calls[0].Model() != "local:m" || calls[0].In != "hi" || calls[0].Site.Path != "main/named" {
		t.Errorf("estimates of %+v", calls)
	}
	for _, s := range p.Program().Sites {
		if want := s.Kind == "agent"; slices.Contains(s.Layers, "budget") != want {
			t.Errorf("%s has the layers %v", s.Path, s.Layers)
		}
	}
	if plain := compile(t, named, &weir.Config{Models: c.Models}); slices.Contains(plain.Program().Sites[0].Layers, "budget") {
		t.Error("without an estimator a step reserves")
	}
}

// estimator makes an Estimator of a function.
type estimator func(usage.Call) usage.Usage

func (e estimator) Estimate(c usage.Call) usage.Usage { return e(c) }

func TestAModelStepSetsItsCallAside(t *testing.T) {
	t.Parallel()
	c := &weir.Config{Estimator: flat{}, Limits: usage.Limits{Calls: usage.AtMost(1)}}
	r, err := compile(t, weir.Chain("main", ask(answers(1)), ask(answers(1)).Named("again")), c).Execute(t.Context(), "hi")
	if e := limits(t, err); !e.Refused || e.What != "calls" || r.Usage.Requests != 1 {
		t.Errorf("refusal %+v, used %+v", e, r.Usage)
	}
}

func TestABreachEndsTheQuestionsOfAStep(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]usage.Limits{"passed": only(4), "no call left": {Calls: usage.AtMost(1)}} {
		asked := 0
		m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
			asked++
			return &model.Response{Text: "prose", Usage: tokens(5)}, nil
		})
		s := agent.New[int]("ask", agent.Spec[string]{Model: m, Reask: 5})
		p, err := weir.Compile(s, &weir.Config{Limits: l})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = p.Run(t.Context(), "hi"); !errors.Is(err, weir.ErrBudget) || asked != 1 {
			t.Errorf("%s: %v after %d questions", name, err, asked)
		}
	}
}

func TestABudgetOfAStepAlsoRefuses(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t)
	s := ask(m).With(budget.AtMost(only(4)), budget.Expect(tokens(5)))
	_, err := compile(t, s, nil).Run(t.Context(), "hi")
	if e := limits(t, err); !e.Refused || m.Asked() != 0 {
		t.Errorf("%+v, asked %d times", e, m.Asked())
	}
	s = ask(modeltest.Script(t, "ok")).With(budget.Expect(tokens(5)), budget.AtMost(only(4))) // the other way round the run has no limit
	if _, err := compile(t, s, nil).Run(t.Context(), "hi"); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfAStepGivesBackWhatItSetAsideItself(t *testing.T) {
	t.Parallel()
	after := int64(-1)
	s := weir.Chain("main", weir.Func("a", func(ctx context.Context, in string) (string, error) {
		return in, usage.Reserve(ctx, tokens(3))
	}), weir.Func("b", func(ctx context.Context, in string) (string, error) {
		after = left(usage.SinkOf(ctx).Budget())
		return in, nil
	}))
	if _, err := compile(t, s, &weir.Config{Limits: only(4)}).Run(t.Context(), ""); err != nil || after != 4 {
		t.Errorf("%v, %d left; want 4", err, after)
	}
	_, err := compile(t, s, &weir.Config{Limits: only(2)}).Run(t.Context(), "")
	if e := limits(t, err); !e.Refused {
		t.Errorf("%+v", e)
	}
	if err := usage.Reserve(t.Context(), tokens(1)); err != nil {
		t.Errorf("outside a run: %v", err)
	}
}
