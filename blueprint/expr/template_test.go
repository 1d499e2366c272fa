package expr

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// render compiles text and renders it.
func render(t *testing.T, source string, vars spec.Vars) (any, error) {
	t.Helper()
	part, errs := compiler(t).Text(source, Scope{})
	if len(errs) > 0 {
		t.Fatalf("%q: %v", source, errs)
	}
	return NewTemplate(part).Eval(t.Context(), vars)
}

func TestTemplatesFillPlaceholders(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)
	vars := spec.Vars{
		"previous_step": map[string]any{"name": "ada", "n": 3, "f": 2.0, "xs": []any{1, "b"}, "none": nil, "when": when, "took": 90 * time.Second},
		"index":         1,
	}
	for source, want := range map[string]any{
		`plain`:                              "plain",
		``:                                   "",
		`hello {{ previous_step.name }}!`:    "hello ada!",
		`{{previous_step.n}}`:                3,
		`{{ previous_step.xs }}`:             []any{1, "b"},
		` {{ previous_step.n }}`:             " 3",
		`{{ previous_step.n }}{{ index }}`:   "31",
		`{{ previous_step.f }}.`:             "2.",
		`{{ previous_step.xs }}.`:            `[1,"b"].`,
		`{{ {"a": {"b": 1}} }}.`:             `{"a":{"b":1}}.`,
		`{{ {"a": {"b": 1}}["a"]["b"] }}`:    1,
		`{{ "}}" }}.`:                        `}}.`,
		`{{ '}}\'}}' + "{{" }}.`:             `}}'}}{{.`,
		`{{ r'\' + "}}" }}.`:                 `\}}.`,
		`{{ """a"}}b""" }}.`:                 `a"}}b.`,
		`{{ previous_step.none }}.`:          "null.",
		`{{ previous_step.when }}.`:          "2026-11-23T01:02:03Z.",
		`{{ previous_step.took }}.`:          "1m30s.",
		`a \{{ b }}`:                         "a {{ b }}",
		`\{{ {{ index }}`:                    "{{ 1",
		`{ {{ index }} }`:                    "{ 1 }",
		`{{ index }}}`:                       "1}",
		`{{ true }} and {{ 1.5 }}`:           "true and 1.5",
		`{{ default(previous_step.zz, 4) }}`: 4,
	} {
		got, err := render(t, source, vars)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q = %#v (%v), want %#v", source, got, err, want)
		}
	}
}

func TestListsAndMapsAreRenderedInside(t *testing.T) {
	t.Parallel()
	c := compiler(t)
	name, _ := c.Text("{{ index }}", Scope{})
	text, _ := c.Text("no {{ index + 1 }}", Scope{})
	tpl := NewTemplate(Map([]string{"a", "b"}, []Part{List([]Part{name, Const(true)}), text}))
	want := map[string]any{"a": []any{7, true}, "b": "no 8"}
	got, err := tpl.Eval(t.Context(), spec.Vars{"index": 7})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, %v", got, err)
	}
	got.(map[string]any)["a"].([]any)[1] = "changed"
	if again, _ := tpl.Eval(t.Context(), spec.Vars{"index": 7}); !reflect.DeepEqual(again, want) {
		t.Errorf("a rendered value is shared with the next rendering: %v", again)
	}
	if got := tpl.Refs().Names; !reflect.DeepEqual(got, []string{"index"}) {
		t.Errorf("reads %v", got)
	}
	if _, ok := tpl.Literal(); ok {
		t.Error("a template with placeholders is no literal")
	}
}

func TestMistakesInPlaceholdersHaveTheirPlaceInTheText(t *testing.T) {
	t.Parallel()
	c := compiler(t)
	for source, want := range map[string]int{
		`äh {{ foo }}`:              6,
		`a {{ 1 }} {{ foo }} x`:     13,
		`open {{ 1`:                 5,
		`{{ index | upper }}`:       9,
		`x {{ "}}" `:                2,
		`{{`:                        0,
		`\{{ {{ a and b }}`:         9,
		`{{ index }} {{ index + }}`: 23,
	} {
		_, errs := c.Text(source, Scope{})
		if len(errs) == 0 || errs[0].Offset != want {
			t.Errorf("%q: %v at %v, want %d", source, errs, errs[0].Offset, want)
		}
	}
	if _, errs := c.Text("{{ foo }} {{ bar }}", Scope{}); len(errs) != 2 {
		t.Errorf("not every placeholder was looked at: %v", errs)
	}
}

func TestAnUndefinedNameIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	_, err := render(t, "hello {{ previous_step.nam }}", spec.Vars{"previous_step": map[string]any{"name": "ada"}})
	if plan.CodeOf(err) != plan.CodeExpression || !strings.Contains(err.Error(), `previous_step.nam is not there`) {
		t.Errorf("got %v", err)
	}
}

func TestRenderedTextIsBounded(t *testing.T) {
	t.Parallel()
	half := spec.Vars{"item": strings.Repeat("x", OutputLimit/2)}
	if _, err := render(t, "{{ item }}{{ item }}", half); err != nil {
		t.Errorf("as much as is allowed: %v", err)
	}
	if _, err := render(t, "{{ item }}{{ item }}.", half); plan.CodeOf(err) != plan.CodeExpression {
		t.Errorf("one byte more: %v", err)
	}
	part, _ := compiler(t).Text("{{ item }}.", Scope{})
	_, err := NewTemplate(List([]Part{part, part})).Eval(t.Context(), half)
	if plan.CodeOf(err) != plan.CodeExpression {
		t.Errorf("two texts together: %v", err)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{`a {{ index }} b`, `\{{ x }}`, `{{ "}}" }}`, `{{ {"a":{"b":1}} }}`, `{{`, `}}`, `{{ index }}{{ r'\' }}`, `{{ """`} {
		f.Add(s)
	}
	c := compiler(f)
	f.Fuzz(func(t *testing.T, source string) {
		part, errs := c.Text(source, Scope{})
		for _, e := range errs {
			if e.Offset < 0 || e.Offset > len([]rune(source)) {
				t.Errorf("%q: %+v", source, e)
			}
		}
		if part == nil {
			return
		}
		got, err := NewTemplate(part).Eval(t.Context(), spec.Vars{"index": 1})
		if err == nil && !strings.Contains(source, "{{") && got != source {
			t.Errorf("%q became %v", source, got)
		}
	})
}
