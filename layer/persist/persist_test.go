package persist_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/persist"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/update"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/weirtest"
)

var (
	log  = state.NewKey[[]string]("log")
	mess = state.NewKey[int]("mess")
)

// failing is a step that writes to the state and fails while there are errors left.
func failing(errs ...error) weir.Step[string, string] {
	return weir.Func("s", func(ctx context.Context, _ string) (string, error) {
		mess.Set(ctx, mess.Get(ctx)+1)
		if len(errs) == 0 {
			return "ok", nil
		}
		err := errs[0]
		errs = errs[1:]
		if err == errPanic {
			panic(err)
		}
		return "", err
	})
}

var errPanic = errors.New("panicked")

// after runs a step and gives what the log and the mess hold then.
func after(t *testing.T, s weir.Step[string, string]) (logged []string, messed int, r *weir.Result[string], err error) {
	t.Helper()
	p, err := weir.Compile(s, &weir.Config{State: []state.Value{log.With([]string{"begun"}), mess.With(0)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err = p.Execute(t.Context(), "in")
	logged, _ = log.From(r.State)
	messed, _ = mess.From(r.State)
	return logged, messed, r, err
}

func TestB040_TheFailureIsAppendedAndNothingElseStays(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, c := range []struct {
		name string
		step weir.Step[string, string]
		want []string
		mess int
	}{
		{"a failure", failing(boom).With(persist.Feedback("log")), []string{"begun", "boom"}, 0},
		{"the last of several attempts", failing(boom, errors.New("again")).With(persist.Feedback("log"), retry.UpTo(2)), []string{"begun", "again"}, 0},
		{"a success after a failure", failing(boom).With(persist.Feedback("log"), retry.UpTo(2)), []string{"begun"}, 1},
		{"a success", failing().With(persist.Feedback("log")), []string{"begun"}, 1},
		{"a panic", failing(errPanic).With(persist.Feedback("log")), []string{"begun", "panic: panicked"}, 0},
		{"what an outer layer found", failing().With(persist.Feedback("log"), refusing(boom)), []string{"begun", "boom"}, 0},
		{"round a fallback that fails", fallback.To(failing(boom), failing(boom).Named("b")).With(persist.Feedback("log")),
			[]string{"begun", "Original error: s/s (func): boom; Fallback error: s/b (func): boom"}, 0},
		{"round a fallback that succeeds", fallback.To(failing(boom), failing().Named("b")).With(persist.Feedback("log")), []string{"begun"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			logged, messed, _, err := after(t, c.step)
			if !slices.Equal(logged, c.want) || messed != c.mess {
				t.Errorf("the log holds %q and the mess %d; want %q and %d (%v)", logged, messed, c.want, c.mess, err)
			}
		})
	}
}

// refusing is a layer that fails what succeeded.
type refuses struct{ err error }

func refusing(err error) plan.Layer { return refuses{err} }
func (refuses) Name() string        { return "refuses" }
func (l refuses) Wrap(_ *plan.Builder, next plan.Op) plan.Op {
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		out, err := next(ctx, f, in)
		if err == nil {
			err = l.err
		}
		return out, err
	}
}

func TestWhatKeptItsStateKeepsItBesideTheFeedback(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	logged, messed, _, err := after(t, failing().With(persist.Feedback("log"), refusing(plan.KeepState(boom))))
	if !errors.Is(err, boom) || messed != 1 || !slices.Equal(logged, []string{"begun", "boom"}) {
		t.Errorf("error %v; the log holds %q, the mess %d", err, logged, messed)
	}
}

func TestWhatNobodyMaySwallowIsNoFeedback(t *testing.T) {
	t.Parallel()
	logged, _, _, err := after(t, failing(plan.ErrAborted).With(persist.Feedback("log")))
	if !errors.Is(err, weir.ErrAborted) || len(logged) != 1 {
		t.Errorf("error %v; the log holds %q", err, logged)
	}
}

func TestAKeyThatHoldsNoListIsAWarningAndTheFailureStays(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for key, want := range map[string]string{
		"none":   `persist_feedback_to_context: unknown key "none": declare it, or use one of "mess"`,
		"number": `persist_feedback_to_context: cannot store at "number": not a list`,
	} {
		number := weir.State(state.NewKey[int]("number").With(3)) // comes with the run: Compile cannot know
		p, err := weir.Compile(failing(boom).With(persist.Feedback(key)), nil)
		if err != nil {
			t.Fatal(err)
		}
		var opts []weir.RunOption
		if key == "number" {
			opts = append(opts, number)
		} else {
			opts = append(opts, weir.State(mess.With(1)))
		}
		r, err := p.Execute(t.Context(), "in", opts...)
		s, _ := r.Step("s")
		if got := fmt.Sprint(s.Note("warnings")); !errors.Is(err, boom) || got != "["+want+"]" {
			t.Errorf("error %v, warned %s, want %s", err, got, want)
		}
	}
}

func TestMistakesAreToldAtCompile(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"": "name a key", "scratchpad": "not a key", "mess": "the key holds a int; it must hold a list",
	} {
		_, err := weir.Compile(failing().With(persist.Feedback(key)), &weir.Config{State: []state.Value{mess.With(0)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
}

func TestTheFailureOfUpdatingTheStateIsFeedbackToo(t *testing.T) {
	t.Parallel()
	s := weir.Func("s", func(context.Context, string) (map[string]any, error) { return map[string]any{"mess": "text"}, nil })
	p, err := weir.Compile(s.With(persist.Feedback("log"), update.Context(false)), &weir.Config{State: []state.Value{log.With(nil), mess.With(0)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "in")
	if logged, _ := log.From(r.State); plan.CodeOf(err) != plan.CodeState || len(logged) != 1 || !strings.Contains(logged[0], "does not fit") {
		t.Errorf("error %v; the log holds %q", err, logged)
	}
}

func TestTheLayerPassesWhatItMayNotSwallow(t *testing.T) {
	t.Parallel()
	layertest.Passes(t, weirtest.Context(t, log.With(nil)), persist.Feedback("log"), "in", "out")
	layertest.Passes(t, t.Context(), persist.Feedback("log"), "in", "out") // outside a run
}

func ExampleFeedback() {
	problems := state.NewKey[[]string]("problems")
	risky := weir.Func("risky", func(context.Context, string) (string, error) {
		return "", errors.New("no such file")
	}).With(persist.Feedback("problems"))
	p, err := weir.Compile(risky, &weir.Config{State: []state.Value{problems.With(nil)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Execute(context.Background(), "a.txt")
	told, _ := problems.From(r.State)
	fmt.Println(err)
	fmt.Println(told)
	// Output:
	// weir: risky (func): no such file
	// [no such file]
}
