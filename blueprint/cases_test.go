package blueprint

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/kinds"
)

var rewrite = flag.Bool("update", false, "write what came out into the cases")

// testCase is a file of testdata: parts that begin with a line "-- name --".
type testCase struct {
	path    string
	comment string
	names   []string
	parts   map[string]string
}

func readCase(t testing.TB, path string) *testCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &testCase{path: path, parts: map[string]string{}}
	name := ""
	for line := range strings.Lines(string(text)) {
		if begin, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(begin, " --") {
			name = strings.TrimSuffix(begin, " --")
			c.names = append(c.names, name)
			c.parts[name] = ""
			continue
		}
		if name == "" {
			c.comment += line
			continue
		}
		c.parts[name] += line
	}
	return c
}

// want compares a part with what came out, or writes it.
func (c *testCase) want(t *testing.T, name, got string) {
	t.Helper()
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if *rewrite {
		if _, had := c.parts[name]; !had {
			c.names = append(c.names, name)
		}
		c.parts[name] = got
		var text strings.Builder
		text.WriteString(c.comment)
		for _, n := range c.names {
			text.WriteString("-- " + n + " --\n" + c.parts[n])
		}
		if err := os.WriteFile(c.path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if c.parts[name] != got {
		t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", c.path, name, got, c.parts[name])
	}
}

// nobody is a model that is never asked.
var nobody = model.Func(func(context.Context, *model.Request) (*model.Response, error) { return nil, nil })

// options are those of the cases: all kinds, and a few functions.
func options() Options {
	same := func(_ context.Context, _ plan.Frame, in any) (any, error) { return in, nil }
	return Options{Kinds: kinds.All(), Funcs: map[string]plan.Op{"load": same, "score": same, "is_done": same}}
}

func cases(t *testing.T, folder string, run func(t *testing.T, c *testCase)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			run(t, readCase(t, path))
		})
	}
}

func TestBlueprintsBecomeSteps(t *testing.T) {
	t.Parallel()
	cases(t, "tree", func(t *testing.T, c *testCase) {
		b, err := Load("in.yaml", []byte(c.parts["in.yaml"]), options())
		if err != nil {
			t.Fatal(err)
		}
		models := model.Models{"local:small": nobody, "local:big": nobody}
		if _, err := weir.Compile(weir.Dynamic(b.Step), &weir.Config{Models: models}); err != nil {
			t.Errorf("does not compile: %v", err)
		}
		c.want(t, "tree", tree(b.Step))
	})
}

func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	cases(t, "error", func(t *testing.T, c *testCase) {
		b, err := Load("in.yaml", []byte(c.parts["in.yaml"]), options())
		if err == nil {
			t.Fatalf("loaded:\n%s", tree(b.Step))
		}
		c.want(t, "error", fmt.Sprintf("stage %s\n%v", StageOf(err), err))
	})
}

// tree renders a step and what stands in it: label, name, kind, layers.
func tree(s *plan.Step) string {
	var b strings.Builder
	writeTree(&b, plan.Child{Step: s}, 0)
	return b.String()
}

func writeTree(b *strings.Builder, c plan.Child, depth int) {
	b.WriteString(strings.Repeat("  ", depth))
	s := c.Step
	if c.Label != "" && c.Label != s.Name {
		b.WriteString(c.Label + ": ")
	}
	if s.Name != "" {
		b.WriteString(s.Name + " ")
	}
	b.WriteString("(" + s.Node.Kind() + ")")
	for _, l := range s.Layers {
		b.WriteString(" " + l.Name())
	}
	b.WriteByte('\n')
	for _, child := range s.Node.Children() {
		writeTree(b, child, depth+1)
	}
}
