package plugin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/process"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/usage"
)

// writer is a step that returns its name and input, counts its calls, and costs a cent.
func writer(name string, calls *int) weir.Step[string, string] {
	return weir.Func(name, func(ctx context.Context, in string) (string, error) {
		*calls++
		return name + ":" + in, usage.Report(ctx, usage.Usage{Requests: 1, OutputTokens: 1, Cost: 10_000})
	})
}

// add is a plugin that adds a tail to the output.
func add(name, tail string, opts ...plugin.Option) plugin.Plugin {
	return plugin.Rewrite(name, func(_ context.Context, out string) (string, error) { return out + tail, nil }, opts...)
}

// says is a plugin that always says the same, and tells that it was called.
func says(name string, o plugin.Outcome, called *[]string) plugin.Plugin {
	return plugin.New(name, func(context.Context, string) (plugin.Outcome, error) {
		*called = append(*called, name)
		return o, nil
	})
}

// run compiles a step and runs it on "brief".
func run(t *testing.T, s weir.Step[string, string]) (*weir.Result[string], error) {
	t.Helper()
	p, err := weir.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Execute(t.Context(), "brief")
}

func TestB041_HigherPrioritiesRunFirstAndTheLastWriterWins(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := run(t, writer("w", &calls).With(plugin.With(add("one", "-1", plugin.Priority(1)), add("two", "-2", plugin.Priority(2)))))
	if err != nil || r.Output != "w:brief-2-1" {
		t.Errorf("got %q, %v; want priority 2 first", r.Output, err)
	}
}

func TestB042_EqualPrioritiesRunInTheOrderGiven(t *testing.T) {
	t.Parallel()
	calls := 0
	r, err := run(t, writer("w", &calls).With(plugin.With(add("a", "a"), add("b", "b"), add("c", "c"), add("d", "d", plugin.Priority(-1)), add("e", "e"))))
	if err != nil || r.Output != "w:briefabced" {
		t.Errorf("got %q, %v", r.Output, err)
	}
}

func TestB043_ARefusalWithoutFeedbackSaysThatThereWasNone(t *testing.T) {
	t.Parallel()
	for _, o := range []plugin.Outcome{{}, plugin.Fail(" \n")} {
		calls, called := 0, []string(nil)
		r, err := run(t, writer("w", &calls).With(plugin.With(says("mute", o, &called))))
		if err == nil || !strings.Contains(err.Error(), "plugin validation failed: mute: plugin failed without feedback") {
			t.Errorf("error %v", err)
		}
		if e, ok := errors.AsType[*plugin.Error](err); !ok || e.Plugin != "mute" || plan.CodeOf(err) != plan.CodePlugin || r.Output != "w:brief" {
			t.Errorf("error %#v of code %q beside %q; want a refusal beside the output", e, plan.CodeOf(err), r.Output)
		}
	}
}

func TestB044_ARefusalIsRetriedLikeAnyFailure(t *testing.T) {
	t.Parallel()
	calls, called := 0, []string(nil)
	r, err := run(t, writer("w", &calls).With(retry.UpTo(4), plugin.With(says("no", plugin.Fail("too long"), &called))))
	if calls != 4 || err == nil || !strings.Contains(err.Error(), "plugin validation failed: no: too long") || !errors.Is(err, &plan.Error{Code: plan.CodePlugin}) {
		t.Errorf("%d calls, error %v; want 4 and the refusal", calls, err)
	}
	if s, _ := r.Step("w"); s.Attempts() != 4 || plan.ClassOf(err) != plan.ClassInvalidOutput {
		t.Errorf("%d attempts of class %q", s.Attempts(), plan.ClassOf(err))
	}
}

func TestB045_AFallbackAnswersARefusalAfterTheRetries(t *testing.T) {
	t.Parallel()
	primary, alternate, called := 0, 0, []string(nil)
	r, err := run(t, fallback.To(
		writer("w", &primary).With(retry.UpTo(2), plugin.With(says("no", plugin.Fail("bad"), &called))),
		writer("alt", &alternate)))
	if err != nil || r.Output != "alt:brief" || primary != 2 || alternate != 1 {
		t.Errorf("got %q, %v after %d and %d calls", r.Output, err, primary, alternate)
	}
	if s, _ := r.Step("w"); s.Note("fallback_triggered") != true || s.Note("validation_failure") != nil {
		t.Errorf("noted %v", s.Metadata())
	}
}

func TestB049_TheFirstRefusalStopsTheChain(t *testing.T) {
	t.Parallel()
	calls, called := 0, []string(nil)
	_, err := run(t, writer("w", &calls).With(plugin.With(
		says("fine", plugin.Pass(), &called), says("no", plugin.Fail("bad"), &called), says("never", plugin.Pass(), &called))))
	if err == nil || !slices.Equal(called, []string{"fine", "no"}) {
		t.Errorf("error %v, called %v", err, called)
	}
}

func TestAPluginThatFailsOrPanicsRefuses(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	slow := plan.Errorf(plan.CodeTimeout, "slow")
	for _, c := range []struct {
		name  string
		do    func() error
		want  string
		class plan.Class
	}{
		{"an error", func() error { return boom }, "plugin odd failed: boom", plan.ClassNone},
		{"a panic", func() error { panic(boom) }, "plugin odd failed: panic: boom", plan.ClassPanic},
		{"a timeout", func() error { return slow }, "plugin odd failed: slow", plan.ClassTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			odd := plugin.New("odd", func(context.Context, string) (plugin.Outcome, error) { return plugin.Pass(), c.do() })
			_, err := run(t, writer("w", &calls).With(retry.UpTo(2), plugin.With(odd)))
			if err == nil || !strings.Contains(err.Error(), c.want) || calls != 2 || plan.ClassOf(err) != c.class || plan.CodeOf(err) != plan.CodePlugin {
				t.Errorf("error %v of class %q after %d calls", err, plan.ClassOf(err), calls)
			}
		})
	}
}

func TestWhatNobodyMaySwallowPassesOutOfAPlugin(t *testing.T) {
	t.Parallel()
	for _, final := range []error{plan.ErrPaused, plan.ErrBudget, plan.ErrAborted} {
		calls := 0
		odd := plugin.New("odd", func(context.Context, string) (plugin.Outcome, error) { return plugin.Pass(), final })
		_, err := run(t, writer("w", &calls).With(retry.UpTo(2), plugin.With(odd)))
		if !errors.Is(err, final) || calls != 1 || plan.CodeOf(err) == plan.CodePlugin {
			t.Errorf("error %v after %d calls, want %v", err, calls, final)
		}
	}
}

func TestPluginsStandBetweenOutputProcessorsAndChecks(t *testing.T) {
	t.Parallel()
	calls, saw := 0, ""
	r, err := run(t, writer("w", &calls).With(
		validate.With("see", func(s string) error { saw = s; return nil }),
		plugin.With(add("p", "-plugin")),
		process.Output(func(_ context.Context, s string) (string, error) { return s + "-processed", nil })))
	if want := "w:brief-processed-plugin"; err != nil || r.Output != want || saw != want {
		t.Errorf("got %q, %v; the check saw %q", r.Output, err, saw)
	}
}

func TestARegisteredFunctionGivesAnOutcomeOrAValueOrNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		gives     any
		want, err string
	}{
		{plugin.Fail("bad"), "w:brief", "f: bad"},
		{new(plugin.Replace("new")), "new", ""},
		{(*plugin.Outcome)(nil), "w:brief", ""},
		{"value", "value", ""},
		{nil, "w:brief", ""},
		{3, "w:brief", "its new solution is a int, but the step gives a string"},
	} {
		calls := 0
		f := spec.Func{Name: "f", Call: func(context.Context, plan.Frame, any) (any, error) { return c.gives, nil }}
		r, err := run(t, writer("w", &calls).With(retry.UpTo(2), plugin.With(plugin.Func(f))))
		if r.Output != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("a function that gives %v: %q, %v", c.gives, r.Output, err)
		}
	}
}

func TestMistakesAreToldAtCompile(t *testing.T) {
	t.Parallel()
	pass := func(context.Context, string) (plugin.Outcome, error) { return plugin.Pass(), nil }
	calls := 0
	a, other := writer("a", &calls), writer("a", &calls)
	number := weir.Func("n", func(context.Context, string) (int, error) { return 0, nil })
	takes := weir.Func("i", func(context.Context, int) (string, error) { return "", nil })
	for want, ps := range map[string][]plugin.Plugin{
		`plugin "": it has no name`:                      {plugin.New("", pass)},
		`plugin "a": its function is nil`:                {plugin.New[string]("a", nil)},
		`plugin "b": its function is nil`:                {plugin.Rewrite[string]("b", nil)},
		`plugin "c": its function is nil`:                {plugin.Func(spec.Func{Name: "c"})},
		"it was never made":                              {{}},
		`plugin "d": it takes a int, but the step gives`: {plugin.New("d", func(context.Context, int) (plugin.Outcome, error) { return plugin.Pass(), nil })},
		`two plugins are called "e"`:                     {plugin.New("e", pass), plugin.New("e", pass)},
		"a target is empty":                              {plugin.New("f", pass, plugin.Targets(weir.Step[string, string]{}))},
		"a nil or zero Step":                             {plugin.New("l", pass, plugin.Targets(nil))},
		"a target has no name":                           {plugin.New("g", pass, plugin.Targets(weir.Then(a, a.Named("b"))))},
		"target n gives int":                             {plugin.New("h", pass, plugin.Targets(number))},
		"target i takes int":                             {plugin.New("i", pass, plugin.Targets(takes))},
		`two targets of plugins are called "a"`:          {plugin.New("j", pass, plugin.Targets(a, other))},
		`step "all" of kind "sequence" cannot do the`:    {plugin.New("k", pass, plugin.Targets(weir.Chain("all", a)))},
	} {
		if _, err := weir.Compile(writer("w", &calls).With(plugin.With(ps...)), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("mistake %v does not tell %q", err, want)
		}
	}
}

func TestNoPluginsAddNothing(t *testing.T) {
	t.Parallel()
	calls := 0
	p, err := weir.Compile(writer("w", &calls).With(plugin.With()), nil)
	if err != nil || p.Program().Sites[0].Analysis.HasPlugins {
		t.Errorf("%v, %+v", err, p.Program().Sites[0].Analysis)
	}
	p, err = weir.Compile(writer("w", &calls).With(plugin.With(add("a", "b"))), nil)
	if err != nil || !p.Program().Sites[0].Analysis.HasPlugins || p.Program().Sites[0].Analysis.Cacheable {
		t.Errorf("%v, %+v", err, p.Program().Sites[0].Analysis)
	}
}
