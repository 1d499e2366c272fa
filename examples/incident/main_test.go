package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/step/kinds"
)

// models answers every name with one model.
type models struct{ one model.Model }

func (m models) Model(string) (model.Model, error) { return m.one, nil }

// none is what a model does that is not there.
func none(context.Context, *model.Request) (*model.Response, error) {
	return nil, errors.New("no model is configured")
}

// yaml runs pipeline.yaml on a log and gives its last words and the report.
func yaml(t *testing.T, log string, m model.Model) (said string, report map[string]any, folder string) {
	t.Helper()
	folder = t.TempDir()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	b, err := blueprint.LoadFile("pipeline.yaml", blueprint.Options{Kinds: kinds.All(), Builtins: builtin.Env{Root: root}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := weir.Compile(weir.Dynamic(b.Step), &weir.Config{State: b.State, Limits: b.Limits, Without: b.Without, Models: models{m}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	return out.(string), report, folder
}

// at follows keys and numbers into JSON.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func accessLog(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("access.log")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheYAMLPipelineFindsTheIncidentWithoutAModel(t *testing.T) {
	t.Parallel()
	said, report, folder := yaml(t, accessLog(t), model.Func(none))
	for _, want := range []string{"critical: /api/checkout failed for 178 of 210 requests between 2025-03-14T13:05:00Z and 2025-03-14T14:20:00Z", "a template: no language model", filepath.Join(folder, "report.md"), filepath.Join(folder, "report.json")} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in %q", want, said)
		}
	}
	f := report["findings"]
	for _, c := range []struct {
		want any
		path []any
	}{
		{19975.0, []any{"requests"}},
		{25.0, []any{"bad_lines"}},
		{"/api/checkout", []any{"errors", 0, "path"}},
		{179.0, []any{"errors", 0, "failed"}},
		{"2025-03-14T13:05:00Z", []any{"windows", 0, "time"}},
		{"2025-03-14T14:15:00Z", []any{"windows", 14, "time"}},
		{nil, []any{"windows", 15}},
		{"/api/search", []any{"errors", 1, "path"}},
		{10.0, []any{"errors", 1, "failed"}},
		{178.0, []any{"outages", 0, "failed"}},
		{210.0, []any{"outages", 0, "requests"}},
		{nil, []any{"outages", 1}},
		{"/reports/sales.csv", []any{"heavy", 0, "path"}},
		{"203.0.113.77", []any{"suspicious", 0, "remote"}},
		{3.0, []any{"suspicious", 0, "let_in"}},
		{"198.51.100.66", []any{"suspicious", 1, "remote"}},
	} {
		if got := at(f, c.path...); got != c.want {
			t.Errorf("%v is %v, want %v", c.path, got, c.want)
		}
	}
	md, err := os.ReadFile(filepath.Join(folder, "report.md"))
	if err != nil || !strings.Contains(string(md), "| `/api/checkout` | 179 | 756 | 23.7 % |") || !strings.Contains(string(md), "- line 333: ") {
		t.Errorf("%v\n%s", err, md)
	}
}

const (
	vague = `{"title":"Something failed","severity":"critical","summary":"Some requests to some path failed on this day, for a while.","actions":["Look into it."]}`
	exact = `{"title":"The checkout failed for an hour","severity":"critical","summary":"Most requests to /api/checkout failed between 13:05 and 14:20 UTC.","actions":["Find out what changed before 13:05."]}`
)

func TestTheYAMLPipelineRefinesAModelsSummaryUntilItNamesTheIncident(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, vague, exact)
	said, report, _ := yaml(t, accessLog(t), m)
	if !strings.Contains(said, "a language model, after 2 round(s)") || at(report, "summary", "title") != "The checkout failed for an hour" {
		t.Errorf("%s\n%v", said, report["summary"])
	}
	if asked := m.Requests(); len(asked) != 2 || !strings.Contains(asked[1].Messages[0].Content, "must name /api/checkout") {
		t.Errorf("%d requests; the second should say what was wrong", len(asked))
	}
}

func TestTheYAMLPipelineTakesTheTemplateWhenTheModelNeverSatisfies(t *testing.T) {
	t.Parallel()
	said, _, _ := yaml(t, accessLog(t), modeltest.Script(t, vague, vague, vague))
	if !strings.Contains(said, "a template:") {
		t.Error(said)
	}
}

func TestTheYAMLPipelineWorksOnLogsWithNothingInThem(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]string{
		"empty":         "",
		"only bad":      "this is\nno log\n",
		"one line":      `192.0.2.1 - - [14/Mar/2025:00:00:01 +0000] "GET / HTTP/1.1" 200 12` + "\n",
		"another error": `192.0.2.1 - - [14/Mar/2025:00:00:01 +0000] "GET / HTTP/1.1" 500 -` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said, _, _ := yaml(t, log, model.Func(none)); !strings.HasPrefix(said, "normal: nothing stands out") {
				t.Error(said)
			}
		})
	}
}

func TestTheGoPipelineFindsTheSame(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r, err := run(t.Context(), "access.log", folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Findings
	if f.Severity != "critical" || f.MustName != "/api/checkout" || f.Requests != 19975 || f.BadLines != 25 || len(f.Samples) != 5 {
		t.Errorf("%s %s %d %d %d", f.Severity, f.MustName, f.Requests, f.BadLines, len(f.Samples))
	}
	if len(f.Errors) == 0 || f.Errors[0].Failed != 179 || len(f.Errors[0].Windows) != 15 {
		t.Errorf("%+v", f.Errors)
	}
	if len(f.Suspicious) != 2 || f.Suspicious[0].Address != "203.0.113.77" || f.Suspicious[0].LetIn != 3 || f.Heavy[0].Path != "/reports/sales.csv" {
		t.Errorf("%+v %+v", f.Suspicious, f.Heavy)
	}
	if !strings.Contains(r.By, "a template") {
		t.Error(r.By)
	}
	for _, name := range r.Files {
		if b, err := os.ReadFile(name); err != nil || len(b) < 500 {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

// awkward is a log as scanners and old servers leave it, with two outages. The path that failed most on the day is
// not the one with the worse outage, and its outage comes first.
func awkward() string {
	line := func(hour int, request string, status int) string {
		return fmt.Sprintf("192.0.2.1 - - [14/Mar/2025:%d:00:01 +0000] %q %d 12 \"-\" \"a \\\"b\\\" c\" 0.1\n", hour, request, status)
	}
	return "192.0.2.1 - - [14/Mar/2025:09:00:01 +0000] \"-\" 408 -\n" +
		"192.0.2.1 - - [14/Mar/2025:09:00:01 +0000] \"\\x16\\x03\" 400 1 \"-\" \"-\"\nno log\n" +
		line(10, "GET /a|b`c?x=1 HTTP/1.1", 500) +
		strings.Repeat(line(10, "GET /small?q=1 HTTP/1.1", 503), 6) + strings.Repeat(line(11, "GET /big HTTP/1.1", 503), 40) +
		strings.Repeat(line(12, "GET /small HTTP/1.1", 500), 50) + strings.Repeat(line(12, "GET /small HTTP/1.1", 200), 60)
}

func TestBothPipelinesAgree(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]string{"the shop": accessLog(t), "awkward": awkward()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said, report, _ := yaml(t, log, model.Func(none))
			file := filepath.Join(t.TempDir(), "a.log")
			if err := os.WriteFile(file, []byte(log), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := run(t.Context(), file, t.TempDir(), nil)
			if err != nil {
				t.Fatal(err)
			}
			f := r.Findings
			if want := f.Severity + ": " + f.Headline + "\n"; !strings.HasPrefix(said, want) {
				t.Errorf("YAML says %q, Go %q", said, want)
			}
			y := report["findings"]
			if at(y, "requests") != float64(f.Requests) || at(y, "bad_lines") != float64(f.BadLines) || at(report, "summary", "title") != r.Title {
				t.Errorf("YAML has %v requests, %v bad lines, %v; Go %d, %d, %s",
					at(y, "requests"), at(y, "bad_lines"), at(report, "summary", "title"), f.Requests, f.BadLines, r.Title)
			}
			if list, _ := at(y, "errors").([]any); len(list) != len(f.Errors) {
				t.Errorf("YAML has %d paths with errors, Go %d", len(list), len(f.Errors))
			}
			for i, e := range f.Errors {
				if at(y, "errors", i, "path") != e.Path || at(y, "errors", i, "failed") != float64(e.Failed) || at(y, "errors", i, "requests") != float64(e.Requests) {
					t.Errorf("errors %d: YAML has %v, Go %+v", i, at(y, "errors", i), e)
				}
			}
			for i, c := range f.Suspicious {
				if at(y, "suspicious", i, "remote") != c.Address || at(y, "suspicious", i, "refused") != float64(c.Refused) {
					t.Errorf("suspicious %d: YAML has %v, Go %+v", i, at(y, "suspicious", i), c)
				}
			}
		})
	}
}

func TestTheWorstOutageIsTheHeadline(t *testing.T) {
	t.Parallel()
	said, _, _ := yaml(t, awkward(), model.Func(none))
	if want := "critical: /big failed for 40 of 40 requests between 2025-03-14T11:00:00Z and 2025-03-14T11:05:00Z\n"; !strings.HasPrefix(said, want) {
		t.Errorf("%q does not begin with %q", said, want)
	}
}

// A log is often longer than the 10 MB of text that an expression may look at, and a path may have a query of its own each time.
func TestTheYAMLPipelineTakesALongLogOfManyQueries(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	agent := strings.Repeat("x", 400)
	for i := range 25_000 {
		fmt.Fprintf(&b, "192.0.2.1 - - [14/Mar/2025:10:%02d:00 +0000] \"GET /p?id=%d HTTP/1.1\" 200 1 \"-\" \"%s\"\n", i%60, i, agent)
	}
	said, report, _ := yaml(t, b.String(), model.Func(none))
	if b.Len() < 11<<20 || !strings.HasPrefix(said, "normal: nothing stands out in 25000 requests") || at(report, "findings", "heavy", 0, "requests") != 25000.0 {
		t.Errorf("%d bytes: %s %v", b.Len(), said, at(report, "findings", "heavy"))
	}
}

func TestNothingInALogBreaksTheTables(t *testing.T) {
	t.Parallel()
	if got := code("/a|b`c"); got != "`/a\\|b'c`" {
		t.Error(got)
	}
}

func TestTheGoPipelineRefinesAModelsDraft(t *testing.T) {
	t.Parallel()
	m := modeltest.Script(t, `{"title":"Failures","summary":"A path failed.","actions":[]}`,
		`{"title":"Checkout down","summary":"/api/checkout failed from 13:05 to 14:20.","actions":["Find the change."]}`)
	r, err := run(t.Context(), "access.log", t.TempDir(), m)
	if err != nil || r.By != "a language model" || r.Title != "Checkout down" {
		t.Errorf("%v, %s, %s", err, r.By, r.Title)
	}
}

func TestTheGoPipelineNamesAFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := run(t.Context(), "nowhere.log", t.TempDir(), nil)
	if err == nil || !strings.Contains(err.Error(), "weir: read (func): open nowhere.log") {
		t.Error(err)
	}
}
