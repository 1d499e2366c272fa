package plugin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
)

// router is a plugin that redirects each output to the target that comes after it in a list, and lets others stand.
func router(next map[string]plugin.Target) plugin.Plugin {
	var targets []plugin.Target
	for _, name := range []string{"a", "b", "c"} {
		for _, to := range next {
			if to.Written().Name == name {
				targets = append(targets, to)
			}
		}
	}
	return plugin.New("route", func(_ context.Context, out string) (plugin.Outcome, error) {
		name, _, _ := strings.Cut(out, ":")
		if to := next[name]; to != nil {
			return plugin.Redirect(to), nil
		}
		return plugin.Pass(), nil
	}, plugin.Targets(targets...))
}

func TestB046_ATargetGetsTheOriginalInputAndThePluginsJudgeItsOutput(t *testing.T) {
	t.Parallel()
	as, bs := 0, 0
	b := writer("b", &bs)
	saw := []string(nil)
	route := plugin.New("route", func(_ context.Context, out string) (plugin.Outcome, error) {
		saw = append(saw, out)
		if strings.HasPrefix(out, "a:") {
			return plugin.Outcome{Success: false, Feedback: "not mine", RedirectTo: "b"}, nil
		}
		return plugin.Pass(), nil
	}, plugin.Targets(b))
	r, err := run(t, writer("a", &as).With(plugin.With(route, add("tail", "!"))))
	if err != nil || r.Output != "b:brief!" || as != 1 || bs != 1 || !slices.Equal(saw, []string{"a:brief", "b:brief"}) {
		t.Errorf("got %q, %v after %d and %d calls; the plugin saw %v", r.Output, err, as, bs, saw)
	}
	s, _ := r.Step("a")
	if u := s.Usage(); u.Requests != 2 || u.Cost != 20_000 || r.Usage != u {
		t.Errorf("used %+v, the run %+v; want that of both calls", u, r.Usage)
	}
	if to, _ := s.Note("redirected_to").([]string); !slices.Equal(to, []string{"b"}) {
		t.Errorf("noted %v", s.Metadata())
	}
}

func TestB047_ComingBackToWhatHasRunIsALoop(t *testing.T) {
	t.Parallel()
	as, bs, cs := 0, 0, 0
	a, b, c := writer("a", &as), writer("b", &bs), writer("c", &cs)
	for _, x := range []struct {
		name   string
		next   map[string]plugin.Target
		calls  [3]int
		output string
		loop   string
	}{
		{"to the first agent", map[string]plugin.Target{"a": b, "b": a}, [3]int{1, 1, 0}, "b:brief", "a → b → a"},
		{"to itself", map[string]plugin.Target{"a": a}, [3]int{1, 0, 0}, "a:brief", "a → a"},
		{"between targets", map[string]plugin.Target{"a": b, "b": c, "c": b}, [3]int{1, 1, 1}, "c:brief", "a → b → c → b"},
		{"to the same under another name", map[string]plugin.Target{"a": b, "b": b.Named("c")}, [3]int{1, 1, 0}, "b:brief", "a → b → c"},
		{"no loop", map[string]plugin.Target{"a": b, "b": c}, [3]int{1, 1, 1}, "c:brief", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			as, bs, cs = 0, 0, 0
			r, err := run(t, a.With(retry.UpTo(3), plugin.With(router(x.next))))
			if [3]int{as, bs, cs} != x.calls || r.Output != x.output {
				t.Errorf("calls %v, output %q; want %v, %q", []int{as, bs, cs}, r.Output, x.calls, x.output)
			}
			switch {
			case x.loop == "" && err != nil:
				t.Error(err)
			case x.loop != "" && (plan.CodeOf(err) != plan.CodeRedirect || !plan.Final(err) || !strings.Contains(err.Error(), x.loop)):
				t.Errorf("error %v, want the loop %s", err, x.loop)
			}
		})
	}
}

// loose is a node that cannot be compared: it holds a function and is no pointer.
type loose struct {
	f func(string) string
}

func (loose) Kind() string           { return "loose" }
func (loose) Children() []plan.Child { return nil }
func (l loose) Build(*plan.Builder) plan.Op {
	return func(_ context.Context, _ plan.Frame, in any) (any, error) { return l.f(in.(string)), nil }
}

func TestB047_AgentsThatCannotBeComparedLoopToo(t *testing.T) {
	t.Parallel()
	made := func(name string) weir.Step[string, string] {
		return weir.Make[string, string](name, loose{func(in string) string { return name + ":" + in }})
	}
	a, b := made("a"), made("b")
	_, err := run(t, a.With(plugin.With(router(map[string]plugin.Target{"a": b, "b": a}))))
	if plan.CodeOf(err) != plan.CodeRedirect || !strings.Contains(err.Error(), "a → b → a") {
		t.Errorf("error %v, want a loop", err)
	}
}

func TestB048_ATargetHasTheStepsTimeoutOnItsOwnTimer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(name string, d time.Duration) weir.Step[string, string] {
			return weir.Func(name, func(ctx context.Context, in string) (string, error) {
				select {
				case <-time.After(d):
					return name + ":" + in, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			})
		}
		for _, c := range []struct {
			b       time.Duration
			elapsed time.Duration
			late    bool
		}{{time.Minute, 18 * time.Second, true}, {8 * time.Second, 16 * time.Second, false}} {
			a, b := slow("a", 8*time.Second), slow("b", c.b)
			begun := time.Now()
			_, err := run(t, a.With(plugin.With(router(map[string]plugin.Target{"a": b})), timeout.After(10*time.Second)))
			if errors.Is(err, plan.ErrTimeout) != c.late || time.Since(begun) != c.elapsed {
				t.Errorf("a target of %v: error %v after %v, want %v", c.b, err, time.Since(begun), c.elapsed)
			}
		}
	})
}

func TestATargetRunsUnderTheLayersInsideThePluginsAndItsOwn(t *testing.T) {
	t.Parallel()
	tail := func(tail string) plan.Layer {
		return process.Output(func(_ context.Context, s string) (string, error) { return s + tail, nil })
	}
	calls := 0
	b := writer("b", &calls).With(tail("-own"))
	a := writer("a", &calls).With(tail("-outside"), plugin.With(router(map[string]plugin.Target{"a": b})), tail("-inside"))
	r, err := run(t, a)
	if err != nil || r.Output != "b:brief-own-inside-outside" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}

func TestATargetThatFailsIsTheAttemptsFailure(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	as, bs := 0, 0
	b := weir.Func("b", func(context.Context, string) (string, error) { bs++; return "", boom })
	_, err := run(t, writer("a", &as).With(retry.UpTo(2), plugin.With(router(map[string]plugin.Target{"a": b}))))
	if !errors.Is(err, boom) || plan.CodeOf(err) == plan.CodePlugin || as != 2 || bs != 2 {
		t.Errorf("error %v after %d and %d calls; each attempt begins with the step's own work", err, as, bs)
	}
}

func TestARedirectToAStrangerIsRefusedOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	odd := plugin.New("odd", func(context.Context, string) (plugin.Outcome, error) { return plugin.Outcome{RedirectTo: "x"}, nil })
	_, err := run(t, writer("a", &calls).With(retry.UpTo(3), plugin.With(odd)))
	if err == nil || calls != 1 || !strings.Contains(err.Error(), `redirects to "x", which is none of its targets`) {
		t.Errorf("error %v after %d calls", err, calls)
	}
	if o := plugin.Redirect(nil); o.Success || o.RedirectTo != "" {
		t.Errorf("a redirect to nothing is %+v", o)
	}
	zero := plugin.New("zero", func(context.Context, string) (plugin.Outcome, error) {
		return plugin.Redirect(weir.Step[string, string]{}), nil
	})
	if _, err = run(t, writer("a", &calls).With(plugin.With(zero))); err == nil || !strings.Contains(err.Error(), "never made") {
		t.Errorf("error %v", err)
	}
}

func TestATargetThatAsksAModelHoldsOnePermitAndHasNoRetryOfItsOwn(t *testing.T) {
	t.Parallel()
	asked, held, most := 0, 0, 0
	m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		asked++
		return nil, &model.Error{Text: "down"}
	})
	one := &counting{Limiter: limit.New(1), held: &held, most: &most}
	b := agent.New[string]("b", agent.Spec[string]{Model: m})
	calls := 0
	p, err := weir.Compile(writer("a", &calls).With(plugin.With(router(map[string]plugin.Target{"a": b}))), &weir.Config{Limiter: one})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Run(t.Context(), "brief"); err == nil || asked != 1 || most != 1 || held != 0 {
		t.Errorf("error %v; asked %d times, at most %d permits, %d still held", err, asked, most, held)
	}
}

// counting counts the permits that are held.
type counting struct {
	limit.Limiter
	held, most *int
}

func (c *counting) Acquire(ctx context.Context) error {
	err := c.Limiter.Acquire(ctx)
	*c.held++
	*c.most = max(*c.most, *c.held)
	return err
}

func (c *counting) Release() {
	*c.held--
	c.Limiter.Release()
}

func TestPluginsRoundAStepWithChildrenAskAndHandOnAsDecisions(t *testing.T) {
	t.Parallel()
	calls := 0
	b := writer("b", &calls)
	again := plugin.New("again", func(_ context.Context, out string) (plugin.Outcome, error) {
		if strings.HasPrefix(out, "b") {
			return plugin.Pass(), nil
		}
		return plugin.Redirect(b), nil
	}, plugin.Targets(b))
	s := weir.Chain("all", writer("a", &calls)).With(plugin.With(again))
	var keys []string
	remembered := map[string]any{}
	decide := func(_ *plan.Site, name string) plan.Decision {
		return func(_ context.Context, _ plan.Frame, round int, decide func() (any, error)) (any, error) {
			key := name + string(rune('0'+round))
			keys = append(keys, key)
			if v, ok := remembered[key]; ok {
				return v, nil
			}
			v, err := decide()
			remembered[key] = v
			return v, err
		}
	}
	p, err := plan.Build(s.Written(), plan.Options{Decide: decide})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		out, err := drive(t, p)
		if err != nil || out != "b:brief" {
			t.Errorf("got %v, %v", out, err)
		}
	}
	want := []string{"plugin again0", "plugin redirect1", "plugin again1"}
	if !slices.Equal(keys, append(want, want...)) || calls != 3 {
		t.Errorf("decided %v with %d calls; want the target to run once, and the step inside twice", keys, calls)
	}
}
