package blueprint

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/usage"
	"github.com/weirflow/weir/weirtest"
)

// first loads a source that must fail, and gives the first mistake.
func first(t *testing.T, src string) *Error {
	t.Helper()
	start := time.Now()
	_, err := Load("in.yaml", []byte(src), options())
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("no mistake was found: %v", err)
	}
	if es, ok := errors.AsType[Errors](err); !ok || len(es) > maxErrors+1 {
		t.Errorf("the error is %T of %d", err, len(es))
	}
	return e
}

func TestHostileSourcesAreRefusedEarly(t *testing.T) {
	t.Parallel()
	head := "version: 1\nsteps:\n"
	var wide strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&wide, "  - {name: s%d, uses: fn:load, input: *big}\n", i)
	}
	for name, c := range map[string]struct{ src, want string }{
		"not UTF-8":                  {"version: 1\nname: \"caf\xe9\"\n", "in.yaml:2:11: the file is not UTF-8: byte 0xe9"},
		"UTF-16":                     {"\xff\xfev\x00e\x00", "in.yaml:1:1: the file is not UTF-8: byte 0xff"},
		"a control character":        {"version: 1\nname: a\x1b[31m\n", "in.yaml:2:8: the control character U+001B"},
		"a zero byte":                {"version: 1\n\x00", "in.yaml:2:1: the control character U+0000"},
		"a line above 1 MiB":         {"version: 1\nname: " + strings.Repeat("x", 1<<20) + "\n", "in.yaml:2:1: the line is longer than 1 MiB"},
		"a file above 4 MiB":         {strings.Repeat("# comment\n", 1<<20), "in.yaml: the file is larger than 4 MiB"},
		"many values":                {head + strings.Repeat("- \n", 450_000), "in.yaml: the file has too many parts"},
		"many values in a flow":      {head + "[" + strings.Repeat("a,", 1<<19-100) + "]", "in.yaml: the file has too many parts"},
		"deep lists":                 {head + strings.Repeat("[", 5000), "in.yaml:3:101: the document is nested more than 100 deep"},
		"deep maps":                  {strings.Repeat("{a: ", 5000), "in.yaml:1:4"},
		"deep indentation":           {head + strings.Repeat("- ", 5000), "in.yaml:3:2"},
		"aliases of aliases":         {bomb(), "in.yaml:7:"},
		"a large text many times":    {"name: &big " + strings.Repeat("x", 1<<19) + "\n" + head + wide.String(), "the document is too large: more than 200000 values"},
		"an alias of itself":         {head + "  - &a {name: x, input: *a}\n", "in.yaml:3:25: the alias *a stands inside what it names"},
		"an alias of what is round":  {head + "  - name: x\n    input: &a [[[*a]]]\n", "in.yaml:4:18: the alias *a stands inside what it names"},
		"deep by aliases":            {deepAliases(), "the document is nested more than 100 deep"},
		"an alias of nothing":        {head + "  - *a\n", "in.yaml:3:5: not YAML: unknown anchor 'a' referenced"},
		"a tag":                      {head + "  - !!python/object:os.system x\n", "in.yaml:3:5: the tag"},
		"steps in steps":             {head + nested(60), "nested more than 100 deep"},
		"many expressions":           {head + strings.Repeat("  - {name: a, input: '{{ 1 }}{{ 1 }}{{ 1 }}{{ 1 }}{{ 1 }}{{ 1 }}{{ 1 }}{{ 1 }}'}\n", 800), "two steps beside each other"},
		"expressions without an end": {head + "  - {name: a, input: '" + strings.Repeat("{{ (", 2000) + "'}\n", "the placeholder does not end"},
		"an expression that is huge": {head + "  - {name: a, input: '{{ " + strings.Repeat("1+", 100_000) + "1 }}'}\n", "expression code point size exceeds limit"},
		"an expression that is deep": {head + "  - {name: a, input: '{{ " + strings.Repeat("(", 10_000) + " }}'}\n", "expression recursion limit exceeded"},
		"a number that is huge":      {head + "  - {name: a, uses: fn:load, timeout: " + strings.Repeat("9", 1000) + "}\n", "is out of the range of whole numbers"},
		"a float that is huge":       {head + "  - {name: a, uses: fn:load, timeout: 1e999}\n", "is out of the range of numbers"},
		"a timeout that is huge":     {head + "  - {name: a, uses: fn:load, timeout: 1e300}\n", "timeout is out of range"},
		"a name with a control sign": {head + "  - {name: \"a\\e[31m\", uses: fn:load}\n", "a name may not hold"},
		"a name that is huge":        {head + "  - {name: " + strings.Repeat("n", 500) + ", uses: fn:load}\n", "a name has 1 to 128 letters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := first(t, c.src).Error(); !strings.Contains(got, c.want) {
				t.Errorf("got %.300s\nwant %s", got, c.want)
			}
		})
	}
}

// bomb is a document of a million values in a few lines.
func bomb() string {
	var text strings.Builder
	text.WriteString("version: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'i'; c++ {
		fmt.Fprintf(&text, "%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	return text.String()
}

func deepAliases() string {
	var text strings.Builder
	text.WriteString("version: 1\nx0: &x0 {a: 1}\n")
	for i := 1; i <= 120; i++ {
		fmt.Fprintf(&text, "x%d: &x%d {a: *x%d}\n", i, i, i-1)
	}
	return text.String()
}

// nested is a loop in a loop, and so on.
func nested(n int) string {
	var text strings.Builder
	text.WriteString("  - {name: a, kind: loop, loop: {max_loops: 1, body: ")
	for range n {
		text.WriteString("{kind: loop, loop: {max_loops: 1, body: ")
	}
	return text.String() + "{uses: fn:load}" + strings.Repeat("}}", n) + "}}\n"
}

func TestAtMostFiftyMistakesAreTold(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	src.WriteString("version: 1\nsteps:\n")
	for i := range 80 {
		fmt.Fprintf(&src, "  - {name: s%d, uses: fn:load, zebra: 1}\n", i)
	}
	_, err := Load("in.yaml", []byte(src.String()), options())
	es, ok := errors.AsType[Errors](err)
	if !ok || len(es) < maxErrors || len(es) > maxErrors+1 {
		t.Fatalf("%d mistakes: %v", len(es), err)
	}
	if es[0].Line != 3 || es[maxErrors-1].Line != 52 {
		t.Errorf("from line %d to %d", es[0].Line, es[maxErrors-1].Line)
	}
}

func TestFiftyMistakesInOneMapAreToldAndTheOthersCounted(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	src.WriteString("version: 1\nsteps:\n  - name: a\n    uses: fn:load\n")
	for i := range 80 {
		fmt.Fprintf(&src, "    zebra%d: 1\n", i)
	}
	_, err := Load("in.yaml", []byte(src.String()), options())
	es, ok := errors.AsType[Errors](err)
	if !ok || len(es) != maxErrors+1 || es[maxErrors].Text != "30 more mistakes are not shown" {
		t.Fatalf("%d mistakes: %v", len(es), err)
	}
}

func TestErrorsAreJSON(t *testing.T) {
	t.Parallel()
	_, err := Load("in.yaml", []byte("version: 1\nsteps:\n  - {name: a, uses: fn:load, retires: 3}\n"), options())
	text, jsonErr := json.Marshal(err)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	want := `[{"file":"in.yaml","line":3,"column":30,"path":"steps[0].retires","text":"unknown key \"retires\"",` +
		`"hint":"did you mean retry?","stage":"read","snippet":"    3 |   - {name: a, uses: fn:load, retires: 3}\n      |                              ^"}]`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if plan.CodeOf(err) != plan.CodeConfig {
		t.Errorf("the code is %s", plan.CodeOf(err))
	}
}

func TestStagesTellWhatIsNoBlueprintFromAWrongOne(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]Stage{
		"version: 1\nsteps: [{name: a, uses: fn:zz}]":             Check,
		"version: 1\nsteps: [{name: a, input: '{{ zz }}'}]":       Check,
		"version: 1\nsteps: [{name: a, kind: zz}]":                Check,
		"version: 1\nsteps: [{name: a, uses: fn:zz, zebra: 1}]":   Read,
		"version: 1\nsteps: [{name: a, uses: fn:zz, timeout: x}]": Read,
		"version: 3\nsteps: [{name: a, uses: fn:load}]":           Read,
		"[": Read,
	} {
		_, err := Load("in.yaml", []byte(src), options())
		if got := StageOf(err); err == nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", src, got, want, err)
		}
	}
	if StageOf(errors.New("x")) != Read {
		t.Error("a strange error is not of the stage read")
	}
}

func TestFilesThatCannotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "none.yaml: there is no such file",
		dir:                             "it is a folder; name the file in it",
	} {
		_, err := LoadFile(path, options())
		if err == nil || !strings.Contains(err.Error(), want) || StageOf(err) != Read {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if err != nil && strings.Count(err.Error(), path) != 1 {
			t.Errorf("the path is not told once: %v", err)
		}
	}
}

func TestAFileIsLoadedWithItsSections(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.yaml")
	src := "version: 1\nname: p\ndescription: d\nwithout: all\nlimits: {duration: 2m, calls: 3, tokens: 0, cost_usd: 0.25}\n" +
		"context: {a: {type: number, default: 1}, b: {}, c: {default: [1]}}\nsteps: [{name: a, uses: fn:load}]\n"
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := LoadFile(path, options())
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "p" || b.Description != "d" || b.Version != 1 || b.Source != src || len(b.Without) != 1 || b.Without[0] != "all" {
		t.Errorf("got %+v", b)
	}
	want := usage.Limits{Duration: 2 * time.Minute, Calls: usage.AtMost(3), Tokens: usage.AtMost(0), Cost: usage.AtMost(250_000)}
	if b.Limits != want {
		t.Errorf("the limits are %+v", b.Limits)
	}
	if len(b.State) != 3 || b.State[0].Name() != "a" {
		t.Errorf("the state is %v", b.State)
	}
	if got := b.Step.Node.Children()[0].Step.Source; got != path+":7:9" {
		t.Errorf("the step's source is %s", got)
	}
}

func TestBooleansAreThoseOfYAML12(t *testing.T) {
	t.Parallel()
	p := &problems{source: newSource("x", []byte("[yes, no, on, off, y, true, False, NULL, ~, 012, 0o17, 0x1F, 1_000, 1e3, -.5, 2020-01-01, 1:30, '1', \"true\", !!str 3, +7]"))}
	root := parse(p.source, p)
	if err := p.err(); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%#v", root.plain())
	want := `[]interface {}{"yes", "no", "on", "off", "y", true, false, interface {}(nil), interface {}(nil), 12, 15, 31, "1_000", 1000, -0.5, "2020-01-01", "1:30", "1", "true", "3", 7}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestKeysAreText(t *testing.T) {
	t.Parallel()
	p := &problems{source: newSource("x", []byte("{true: a, False: b, yes: c, on: d, 1: e, 'true ': f, null: g}"))}
	root := parse(p.source, p)
	var got []string
	for _, e := range root.entries {
		got = append(got, e.key)
	}
	if strings.Join(got, ",") != "true,false,yes,on,1,true ,null" {
		t.Errorf("got %q", got)
	}
}

func TestWithoutKindsThereIsOnlyStep(t *testing.T) {
	t.Parallel()
	_, err := Load("in.yaml", []byte("version: 1\nsteps: [{name: a, kind: loop}]"), Options{})
	if err == nil || !strings.Contains(err.Error(), `there is no kind "loop"; there are step`) {
		t.Errorf("got %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"tree", "error", "run"} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			f.Add([]byte(weirtest.ReadCase(f, path).Part("in.yaml")))
		}
	}
	o := Options{Kinds: kinds.All(), Funcs: workingFuncs()}
	f.Fuzz(func(t *testing.T, src []byte) {
		start := time.Now()
		b, err := Load("in.yaml", src, o)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if err == nil {
			if b == nil || b.Step == nil {
				t.Error("neither a step nor an error")
			}
			return
		}
		es, ok := errors.AsType[Errors](err)
		if !ok || len(es) == 0 || len(es) > maxErrors+1 {
			t.Fatalf("%T of %d: %v", err, len(es), err)
		}
		for _, e := range es {
			if e.Text == "" || e.Stage == "" || e.Line > 0 && e.Column < 1 {
				t.Errorf("%+v", e)
			}
		}
		if _, err := json.Marshal(err); err != nil {
			t.Error(err)
		}
	})
}
