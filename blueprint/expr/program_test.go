package expr

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// earlier are earlier steps of a test.
type earlier []string

func (e earlier) Key(name string) (string, bool) {
	if slices.Contains(e, name) {
		return StepKey(name), true
	}
	return "", false
}

func (e earlier) Names() []string { return e }

func compiler(t testing.TB) *Compiler {
	t.Helper()
	c, err := NewCompiler()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func compile(t testing.TB, source string) *Program {
	t.Helper()
	p, errs := compiler(t).Compile(source, Scope{Steps: earlier{"fetch", "fetch-logs", "read"}, Where: "p.yaml:3:7"})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", source, errs)
	}
	return p
}

// inRun gives a context with a run's state.
func inRun(t testing.TB, values map[string]any) context.Context {
	t.Helper()
	scope := &state.Scope{}
	for key, v := range values {
		if err := scope.Store(key, v); err != nil {
			t.Fatal(err)
		}
	}
	return context.WithValue(t.Context(), state.ContextKey{}, scope)
}

type ticket struct {
	Title    string `json:"title"`
	Severity level
	Tags     []string `json:"tags"`
	Owner    *person  `json:"owner"`
	hidden   int
}

type person struct{ Name string }

type level uint8

func TestExpressionsGiveGoValues(t *testing.T) {
	t.Parallel()
	ctx := inRun(t, map[string]any{
		"count": 3, "ratio": 0.5, "user": map[string]any{"name": "ada", "tags": []any{"a", "b"}}, "nothing": nil,
		StepKey("fetch"): map[string]any{"n": 7}, InputKey: "the input",
	})
	vars := spec.Vars{
		"previous_step": ticket{Title: "disk full", Severity: 4, Tags: []string{"ops"}, Owner: &person{"bo"}, hidden: 1},
		"output":        []ticket{{Title: "x"}, {Title: "y"}},
		"item":          map[level]string{1: "one"}, "index": 2, "iteration": 1,
	}
	for source, want := range map[string]any{
		`context.count + 1`:          4,
		`context.count > 2.5`:        true,
		`context.count == 3.0`:       true,
		`context["count"]`:           3,
		`context.user.tags[1]`:       "b",
		`context.user.tags`:          []any{"a", "b"},
		`{"a": [1, 2.5, null]}`:      map[string]any{"a": []any{1, 2.5, nil}},
		`context.user.tags + ["c"]`:  []any{"a", "b", "c"},
		`has(context.user.mail)`:     false,
		`has(context.zebra)`:         false,
		`has(context.nothing)`:       true,
		`steps.fetch.output.n`:       7,
		`steps.fetch.status`:         "completed",
		`steps.read.status`:          "not_run",
		`steps["fetch-logs"].status`: "not_run",
		"steps.`fetch-logs`.status":  "not_run",
		`input`:                      "the input",
		`previous_step.title`:        "disk full",
		`previous_step.Severity + 1`: 5,
		`previous_step.owner.Name`:   "bo",
		`has(previous_step.hidden)`:  false,
		`previous_step.tags`:         []string{"ops"},
		`output.map(x, x.title)`:     []any{"x", "y"},
		`output[1].title`:            "y",
		`index + iteration`:          3,
		`{{ context.count }}`:        3,
		`  {{context.count}} `:       3,

		`len("äb") + len([1]) + len({})`:                  3,
		`contains("abc", "b") && contains([1, 2], 2)`:     true,
		`contains({"k": 1}, "k")`:                         true,
		`default(context.zebra, 9)`:                       9,
		`default(context.zebra.stripes.x, 9)`:             9,
		`default(context.user.name, "?")`:                 "ada",
		`default(context.nothing, "?")`:                   "?",
		`default(context.user.tags[7], "?")`:              "?",
		`toJSON({"b": [1, 1.5, "x<y"], "a": null})`:       `{"a":null,"b":[1,1.5,"x<y"]}`,
		`toJSON(previous_step.tags)`:                      `["ops"]`,
		`fromJSON("{\"n\": 1, \"f\": 1.5}")`:              map[string]any{"n": 1, "f": 1.5},
		`fromJSON("[1]")[0] + 1`:                          2,
		`sum([1, 2, 3])`:                                  6,
		`sum([1, 2.5])`:                                   3.5,
		`sum([])`:                                         0,
		`round(2.5)`:                                      3,
		`round(-2.5)`:                                     -3,
		`round(2.345, 2)`:                                 2.35,
		`join(["a", 1, true, null], "-")`:                 "a-1-true-null",
		`join(["a", "b"])`:                                "ab",
		`upper("ä") + lower("B") + trim(" c ")`:           "Äbc",
		`duration("90s")`:                                 90 * time.Second,
		`[1, 2, 3].filter(x, x > 1).map(steps, steps*10)`: []any{20, 30},
	} {
		got, err := compile(t, source).Eval(ctx, vars)
		if err != nil {
			t.Errorf("%s: %v", source, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %#v, want %#v", source, got, want)
		}
	}
}

func TestWhatIsReadIsSharedNotCopied(t *testing.T) {
	t.Parallel()
	list := []any{1, 2}
	got, err := compile(t, "previous_step").Eval(t.Context(), spec.Vars{"previous_step": list})
	if err != nil || &got.([]any)[0] != &list[0] {
		t.Errorf("a list that is only passed on was copied (%v)", err)
	}
	tk := &ticket{Title: "x"}
	if got, _ := compile(t, "previous_step").Eval(t.Context(), spec.Vars{"previous_step": tk}); !reflect.DeepEqual(got, *tk) {
		t.Errorf("a struct came back as %#v", got)
	}
}

func TestAFailedEvaluationSaysWhatWasNotThere(t *testing.T) {
	t.Parallel()
	ctx := inRun(t, map[string]any{"severity": 3, "user": map[string]any{"name": "ada"}})
	for source, want := range map[string]string{
		`context.sevrity > 3`:              "p.yaml:3:7: expression `context.sevrity > 3`: context.sevrity is not there: no key \"sevrity\"; did you mean severity?",
		`context.user.mail`:                `context.user.mail is not there: no key "mail"; use default(context.user.mail, …)`,
		`context.a.b.c == 1`:               `no key "a"`,
		`output.x`:                         "output is not known here; output is for the exits of loops and for checks",
		`item`:                             "item is not known here; only a map step and what stands in its body know it",
		`[1, 2][5]`:                        "is not there: no entry 5",
		`context.severity * 1.5`:           "CEL does not mix int and double",
		`context.severity / 0`:             "division by zero",
		`sum(["a"])`:                       "sum takes a list of numbers; one entry is of type string",
		`len(context.severity)`:            "len takes text, a list or a map, not int",
		`contains(context.severity, 1)`:    "contains takes text, a list or a map, not int",
		`round("x")`:                       "round takes a number, not string",
		`round(1e300)`:                     "not in the range of whole numbers",
		`fromJSON("{")`:                    "fromJSON: not JSON",
		`fromJSON("1 2")`:                  "there is more after the value",
		`default(context.severity / 0, 1)`: "division by zero",
		`join([b"\xff"])`:                  "not UTF-8",
		`previous_step.x`:                  "a value of the Go type chan int cannot be read",
		`sum([9223372036854775807, 1])`:    "overflow",
	} {
		_, err := compile(t, source).Eval(ctx, spec.Vars{"previous_step": make(chan int)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", source, err, want)
		}
		if plan.CodeOf(err) != plan.CodeExpression {
			t.Errorf("%s: the code is %s", source, plan.CodeOf(err))
		}
	}
}

func TestOutsideARunTheRunsNamesAreNotKnown(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"context.x", "steps.fetch.output", "input"} {
		_, err := compile(t, source).Eval(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), "there is none") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestPrivateKeysOfTheStateCannotBeRead(t *testing.T) {
	t.Parallel()
	ctx := inRun(t, map[string]any{StepKey("fetch"): "secret", InputKey: "secret"})
	if got, err := compile(t, `len(context)`).Eval(ctx, nil); got != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := compile(t, `default(context["\u0000input"], "none")`).Eval(ctx, nil); got != "none" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRunawayExpressionsAreStopped(t *testing.T) {
	t.Parallel()
	doubled := "[1]"
	for range 30 {
		doubled = "[" + doubled + "].map(a, [a, a])[0]"
	}
	big := make([]any, 20000)
	for i := range big {
		big[i] = map[string]any{"n": i, "s": "text"}
	}
	other := make([]any, len(big))
	for i := range other {
		other[i] = map[string]any{"n": i, "s": "text"}
	}
	almost := slices.Clone(other)
	almost[len(almost)-1] = map[string]any{"n": 0}
	vars := spec.Vars{"previous_step": big, "output": other, "input": almost, "item": strings.Repeat("x", 1<<20)}
	for name, source := range map[string]string{
		"loops in loops":                   "previous_step.all(a, previous_step.all(b, previous_step.all(c, a.n + b.n + c.n >= 0)))",
		"comparing shared structure":       doubled + " == " + doubled,
		"writing shared structure as JSON": "toJSON(" + doubled + ")",
		"comparing large values":           "previous_step.map(x, previous_step) == previous_step.map(x, output)",
		"looking for a large value":        "previous_step.map(x, previous_step).exists(y, y in [input, input])",
		"doubling text":                    `["x"]` + strings.Repeat(".map(x, x + x)", 40),
		"a large JSON text many times":     "previous_step.map(x, toJSON(previous_step))",
		"a large value written many times": "toJSON(previous_step.map(x, previous_step))",
		"joining a large text many times":  "join(previous_step.map(x, item))",
		"doubling lists":                   "[[1]]" + strings.Repeat(".map(x, x + x)", 40),
		"sorting out a large text":         "previous_step.map(x, upper(item))",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := compile(t, source).Eval(t.Context(), vars)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if plan.CodeOf(err) != plan.CodeExpression {
				t.Errorf("not stopped: %v", err)
			}
			t.Log(time.Since(start).Round(time.Millisecond), err)
		})
	}
}

func TestAnEvaluationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("the caller went away")
	cancel(gone)
	_, err := compile(t, "previous_step.all(a, a >= 0)").Eval(ctx, spec.Vars{"previous_step": make([]int, 1000)})
	if !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

func TestProgramsAreSafeForSeveralGoroutines(t *testing.T) {
	t.Parallel()
	p := compile(t, "context.count + previous_step")
	ctx := inRun(t, map[string]any{"count": 1})
	results := make(chan error)
	for i := range 8 {
		go func() {
			for range 50 {
				if got, err := p.Eval(ctx, spec.Vars{"previous_step": i}); err != nil || got != i+1 {
					results <- fmt.Errorf("%v, %w", got, err)
					return
				}
			}
			results <- nil
		}()
	}
	for range 8 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestRefsTellWhatAnExpressionReads(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]Refs{
		`context.a.b + context["c"]`:                {Context: []string{"a", "c"}},
		`has(context.a) && context.a > 1`:           {Context: []string{"a"}},
		`toJSON(context)`:                           {WholeContext: true},
		`context[previous_step]`:                    {WholeContext: true, Names: []string{"previous_step"}},
		`steps.fetch.output + steps["read"].output`: {Steps: []string{"fetch", "read"}},
		`item.xs.map(context, context.q)`:           {Names: []string{"item"}},
		`[1].map(x, steps.fetch.output[x])`:         {Steps: []string{"fetch"}},
		`{"k": output, input: 1}`:                   {Names: []string{"input", "output"}},
	} {
		got := compile(t, source).Refs()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s reads %v, want %v", source, got, want)
		}
	}
}

func TestTypesAreKnownBeforeTheRun(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{"1 > 2": "bool", "context.x": "dyn", "index": "int", "[1]": "list(int)"} {
		if got := compile(t, source).Type(); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
}
