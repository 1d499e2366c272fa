package expr

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAMistakeIsToldWithItsPlaceAndCELsSpelling(t *testing.T) {
	t.Parallel()
	c := compiler(t)
	scope := Scope{Steps: earlier{"fetch", "fetch-logs", "review"}}
	for source, want := range map[string]string{
		`a and b`:                        `2 "and" is not CEL; write && for and`,
		`previous_step or true`:          `14 "or" is not CEL; write || for or`,
		`not previous_step`:              `0 "not" is not CEL; write ! for not, as in !(x in y)`,
		`previous_step == None`:          `17 "None" is not CEL; write null`,
		`True`:                           `0 "True" is not CEL; write true`,
		`1 if output else 2`:             `2 "if" is not CEL; write condition ? a : b`,
		`previous_step | upper`:          `14 "|" is not CEL; filters are functions here: write upper(x)`,
		`previous_step|length`:           `13 "|" is not CEL; filters are functions here: write upper(x)`,
		`index = 3`:                      `6 "=" is not CEL; write == to compare`,
		`prevous_step > 1`:               `0 unknown name "prevous_step"; did you mean previous_step?`,
		`zebra > 1`:                      `0 unknown name "zebra"; expressions know previous_step, output, context, steps, input, item, index, iteration`,
		`length(output)`:                 `0 unknown function "length"; there are `,
		`uper(output)`:                   `0 unknown function "uper"; did you mean upper?`,
		"true &&\n  foo":                 `10 unknown name "foo"`,
		`"é" == foo`:                     `7 unknown name "foo"`,
		`steps.fetc.output`:              `6 no earlier step is called "fetc"; did you mean fetch?`,
		`1 == 1 && steps["zz"].output`:   `16 no earlier step is called "zz"; earlier steps here: fetch, fetch-logs, review`,
		`steps.review-all.output`:        `13 unknown name "all"`,
		`steps.fetch-logs.output`:        `12 unknown name "logs"; a name with a dash is written steps["fetch-logs"]`,
		`steps[output].output`:           `0 steps cannot be read as a whole or by a computed name; say which: steps.NAME.output`,
		`toJSON(steps)`:                  `7 steps cannot be read as a whole`,
		`index > "a"`:                    `6 > does not take (int, string); turn one into the other's type`,
		`len(`:                           `4 the expression ends too early`,
		`1 +`:                            `3 the expression ends too early`,
		`(1 + 2`:                         `6 missing )`,
		`1 2`:                            `2 unexpected "2"`,
		``:                               `0 the expression is empty; write one`,
		`   `:                            `0 the expression is empty`,
		`{{ foo }}`:                      `3 unknown name "foo"`,
		`{{ }}`:                          `2 the expression is empty`,
		`"a and b" + foo`:                `12 unknown name "foo"`,
		strings.Repeat("(", 500):         `0 expression recursion limit exceeded`,
		strings.Repeat("1+", 40000):      `0 expression code point size exceeds limit`,
		`previous_step.exists(x, x = 1)`: `26 "=" is not CEL`,
	} {
		p, errs := c.Compile(source, scope)
		if len(errs) == 0 {
			t.Errorf("%.40q compiled to %v", source, p)
			continue
		}
		if got := fmt.Sprintf("%d %v", errs[0].Offset, errs[0]); !strings.HasPrefix(got, want) {
			t.Errorf("%.40q:\n got %s\nwant %s", source, got, want)
		}
	}
}

func TestSeveralWrongNamesAreToldTogetherUpToThree(t *testing.T) {
	t.Parallel()
	_, errs := compiler(t).Compile("a + b + c + d", Scope{})
	if len(errs) != 3 {
		t.Errorf("got %v", errs)
	}
}

func TestWithoutEarlierStepsTheHintSaysSo(t *testing.T) {
	t.Parallel()
	_, errs := compiler(t).Compile("steps.a.output", Scope{})
	if len(errs) != 1 || errs[0].Hint != "no step stands before this one" {
		t.Errorf("got %v", errs)
	}
}

func FuzzExpr(f *testing.F) {
	for _, s := range []string{
		`context.a > 1 && steps.fetch.output == "x"`, `[1,2].map(x, x*2)`, `default(item.a[0], {"a": b"\x00"})`, `{{ index }}`,
		`a and not b`, `"\u0000" + r'\'`, `toJSON(fromJSON("[1]"))`, "steps.`fetch-logs`.output", `duration("1h") > duration("1s")`, `1 | 2`,
	} {
		f.Add(s)
	}
	c := compiler(f)
	f.Fuzz(func(t *testing.T, source string) {
		start := time.Now()
		defer func() {
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%q took %v", source, took)
			}
		}()
		p, errs := c.Compile(source, Scope{Steps: earlier{"fetch", "fetch-logs"}})
		for _, e := range errs {
			if e.Offset < 0 || e.Offset > len([]rune(source)) || e.Text == "" {
				t.Errorf("%q: %+v", source, e)
			}
		}
		if p == nil && len(errs) == 0 {
			t.Errorf("%q: neither a program nor an error", source)
		}
		if p == nil {
			return
		}
		ctx := inRun(t, map[string]any{"a": 1, StepKey("fetch"): []any{1, "x"}})
		p.Eval(ctx, map[string]any{"previous_step": []any{map[string]any{"a": 1}}, "index": 1})
	})
}
