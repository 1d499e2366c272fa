package policy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/policy"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/fallback"
)

// echo is a model that answers what it was asked, and remembers it.
func echo(asked *[]string) model.Model {
	return model.Func(func(_ context.Context, r *model.Request) (*model.Response, error) {
		*asked = append(*asked, r.Messages[0].Content)
		return &model.Response{Text: "re: " + r.Messages[0].Content}, nil
	})
}

// verdict is a policy that always decides the same.
func verdict(v policy.Verdict, err error) policy.Policy {
	return policy.Func(func(context.Context, policy.Action) (policy.Verdict, error) { return v, err })
}

func TestB021_ADenialEndsTheRunBeforeTheModelIsAsked(t *testing.T) {
	t.Parallel()
	var asked []string
	other := 0
	a := agent.New[string]("a", agent.Spec[string]{Model: echo(&asked)}).With(retry.UpTo(3))
	b := weir.Func("b", func(context.Context, string) (string, error) { other++; return "", nil })
	p, err := weir.Compile(fallback.To(a, b), &weir.Config{Policy: verdict(policy.Deny("not on Sundays"), nil)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), "hello")
	if plan.CodeOf(err) != plan.CodeDenied || !plan.Final(err) || !strings.Contains(err.Error(), "the policy denies the step: not on Sundays") {
		t.Errorf("error %v of code %q", err, plan.CodeOf(err))
	}
	if len(asked) != 0 || other != 0 {
		t.Errorf("asked %v, fell back %d times; want neither", asked, other)
	}
}

func TestB021_AReplacementIsWhatTheModelSees(t *testing.T) {
	t.Parallel()
	var asked []string
	calls := 0
	scrub := policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
		calls++
		return policy.Replace(strings.ReplaceAll(a.Input.(string), "ada@example.com", "[mail]")), nil
	})
	fails := model.Func(func(ctx context.Context, r *model.Request) (*model.Response, error) {
		resp, err := echo(&asked).Generate(ctx, r)
		if len(asked) == 1 {
			return nil, errors.New("down")
		}
		return resp, err
	})
	p, err := weir.Compile(agent.New[string]("a", agent.Spec[string]{Model: fails}), &weir.Config{Policy: scrub})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Execute(t.Context(), "write to ada@example.com")
	if err != nil || r.Output != "re: write to [mail]" || len(asked) != 2 || asked[0] != "write to [mail]" || calls != 1 {
		t.Errorf("got %q, %v; asked %q, decided %d times; want one decision for both attempts", r.Output, err, asked, calls)
	}
	if s, _ := r.Step("a"); s.Note("input_replaced") != true {
		t.Errorf("noted %v", s.Metadata())
	}
}

func TestThePolicyOfAConfigStandsRoundStepsThatAskAModelAlone(t *testing.T) {
	t.Parallel()
	var asked []string
	var saw []policy.Action
	watch := policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
		saw = append(saw, a)
		return policy.Allow(), nil
	})
	s := weir.Then(weir.Func("plain", func(_ context.Context, s string) (string, error) { return s + "!", nil }),
		agent.New[string]("ask", agent.Spec[string]{Name: "local:small"}))
	p, err := weir.Compile(s, &weir.Config{Policy: watch, Models: model.Models{"local:small": echo(&asked)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), "hi", weir.ID("r1")); err != nil || len(saw) != 1 {
		t.Fatalf("error %v, saw %v", err, saw)
	}
	got := fmt.Sprintf("%+v", saw[0])
	if want := "{Run:r1 Path:ask Step:ask Kind:agent Asks:true Model:local:small Tools:[] Input:hi!}"; got != want {
		t.Errorf("saw %s, want %s", got, want)
	}
	p, err = weir.Compile(s, &weir.Config{Models: model.Models{"local:small": echo(&asked)}})
	if err != nil || strings.Contains(fmt.Sprint(p.Program().Sites[1].Layers), "policy") {
		t.Errorf("%v; without a policy there is no layer: %v", err, p.Program().Sites[1].Layers)
	}
}

func TestThePolicyIsAskedAboutATargetOfAPlugin(t *testing.T) {
	t.Parallel()
	var asked []string
	b := agent.New[string]("b", agent.Spec[string]{Model: echo(&asked)})
	to := plugin.New("to", func(context.Context, string) (plugin.Outcome, error) { return plugin.Redirect(b), nil }, plugin.Targets(b))
	a := weir.Func("a", func(_ context.Context, s string) (string, error) { return s, nil }).With(plugin.With(to))
	var saw []policy.Action
	deny := policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
		saw = append(saw, a)
		return policy.Deny(""), nil
	})
	p, err := weir.Compile(a, &weir.Config{Policy: deny})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), "hi")
	if plan.CodeOf(err) != plan.CodeDenied || len(asked) != 0 || len(saw) != 1 || saw[0].Step != "b" || saw[0].Path != "a" || !saw[0].Asks {
		t.Errorf("error %v, asked %v, decided on %+v", err, asked, saw)
	}
}

func TestWhateverGoesWrongWithAPolicyDenies(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, c := range []struct {
		name   string
		policy policy.Policy
		want   string
	}{
		{"the zero verdict", verdict(policy.Verdict{}, nil), "the policy denies the step"},
		{"an error beside an allowance", verdict(policy.Allow(), boom), "could not decide, which denies the step: boom"},
		{"a panic", policy.Func(func(context.Context, policy.Action) (policy.Verdict, error) { panic(boom) }), "could not decide"},
		{"another type", verdict(policy.Replace(3), nil), "replaces the input by a int, but the step takes a string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			s := weir.Func("s", func(context.Context, string) (string, error) { calls++; return "", nil }).With(policy.By(c.policy))
			_, err := weir.Do(t.Context(), s, "in")
			if plan.CodeOf(err) != plan.CodeDenied || !strings.Contains(err.Error(), c.want) || calls != 0 {
				t.Errorf("error %v after %d calls, want a denial: %s", err, calls, c.want)
			}
		})
	}
}

func TestAReplacementByNothingIsAllowed(t *testing.T) {
	t.Parallel()
	s := weir.Func("s", func(_ context.Context, in *int) (bool, error) { return in == nil, nil }).With(policy.By(verdict(policy.Replace(nil), nil)))
	if out, err := weir.Do(t.Context(), s, new(1)); err != nil || !out {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestWhatNobodyMaySwallowPassesOutOfAPolicy(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrCanceled} {
		s := layertest.Step(func(context.Context, plan.Frame, any) (any, error) { return "out", nil }, policy.By(verdict(policy.Allow(), final)))
		if _, err := layertest.Build(t, s)(t.Context(), &layertest.Frame{}, "in"); err != final {
			t.Errorf("error %v, want %v itself", err, final)
		}
	}
	layertest.Passes(t, t.Context(), policy.By(policy.Chain()), "in", "out")
}

func TestTools(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		allowed, has []string
		want         string
	}{
		{[]string{"search", "read"}, []string{"read"}, ""},
		{[]string{"search"}, nil, ""},
		{nil, nil, ""},
		{[]string{"search"}, []string{"search", "shell", "mail"}, "it has the tools shell, mail; allowed are search"},
		{nil, []string{"shell"}, "no tools are allowed, and it has shell"},
	} {
		v, err := policy.Tools(c.allowed...).Decide(t.Context(), policy.Action{Tools: c.has})
		if err != nil || v.Allow != (c.want == "") || v.Reason != c.want {
			t.Errorf("allowed %v, has %v: %+v, %v", c.allowed, c.has, v, err)
		}
	}
}

func TestAChainHandsOnWhatWasReplacedAndStopsAtADenial(t *testing.T) {
	t.Parallel()
	add := func(tail string) policy.Policy {
		return policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
			return policy.Replace(a.Input.(string) + tail), nil
		})
	}
	never := policy.Func(func(context.Context, policy.Action) (policy.Verdict, error) {
		t.Error("asked after a denial")
		return policy.Allow(), nil
	})
	v, err := policy.Chain(add("a"), verdict(policy.Allow(), nil), add("b")).Decide(t.Context(), policy.Action{Input: "-"})
	if err != nil || !v.Allow || !v.Replaced || v.Input != "-ab" {
		t.Errorf("got %+v, %v", v, err)
	}
	if v, err = policy.Chain(add("a"), verdict(policy.Deny("no"), nil), never).Decide(t.Context(), policy.Action{Input: "-"}); err != nil || v.Allow || v.Reason != "no" {
		t.Errorf("got %+v, %v", v, err)
	}
	if v, err = policy.Chain(verdict(policy.Allow(), nil), nil).Decide(t.Context(), policy.Action{}); err == nil || v.Allow {
		t.Errorf("a nil policy: %+v, %v", v, err)
	}
}

func TestANilPolicyIsAMistake(t *testing.T) {
	t.Parallel()
	s := layertest.Step(nil, policy.By(nil))
	s.Node = layertest.Group().Node
	if err := layertest.Mistake(t, s); !strings.Contains(err.Error(), "policy.By(nil)") {
		t.Error(err)
	}
}

func TestAPolicyRoundAStepWithChildrenDecidesOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	count := policy.Func(func(context.Context, policy.Action) (policy.Verdict, error) {
		calls++
		return policy.Replace("new"), nil
	})
	var kept any
	decide := func(_ *plan.Site, name string) plan.Decision {
		return func(_ context.Context, _ plan.Frame, _ int, decide func() (any, error)) (any, error) {
			if kept == nil {
				v, err := decide()
				kept = v
				return v, err
			}
			return kept, nil
		}
	}
	p, err := plan.Build(layertest.Group(policy.By(count)), plan.Options{Decide: decide})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if out, err := p.Main.Steps[0].Op(t.Context(), &layertest.Frame{}, "in"); err != nil || out != "new" || calls != 1 {
			t.Errorf("got %v, %v after %d calls", out, err, calls)
		}
	}
}

func ExampleBy() {
	hours := policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
		if a.Input == "payroll" {
			return policy.Deny("payroll is for people"), nil
		}
		return policy.Allow(), nil
	})
	run := weir.Func("run", func(_ context.Context, job string) (string, error) { return job + " done", nil }).With(policy.By(hours))

	fmt.Println(weir.Do(context.Background(), run, "backup"))
	_, err := weir.Do(context.Background(), run, "payroll")
	fmt.Println(err)
	// Output:
	// backup done <nil>
	// weir: run (func): the policy denies the step: payroll is for people
}

func ExampleChain() {
	p := policy.Chain(policy.Tools("search"), policy.Func(func(_ context.Context, a policy.Action) (policy.Verdict, error) {
		return policy.Replace(strings.ToUpper(a.Input.(string))), nil
	}))
	v, _ := p.Decide(context.Background(), policy.Action{Tools: []string{"search"}, Input: "quiet"})
	fmt.Println(v.Allow, v.Input)
	v, _ = p.Decide(context.Background(), policy.Action{Tools: []string{"shell"}})
	fmt.Println(v.Allow, v.Reason)
	// Output:
	// true QUIET
	// false it has the tools shell; allowed are search
}
