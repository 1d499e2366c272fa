package builtin

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

func TestTemplate_RendersAnyValueAsText(t *testing.T) {
	t.Parallel()
	hello := spec.Value{Program: program(func(vars spec.Vars) (any, error) { return "hello " + vars[spec.VarPrevious].(string), nil })}
	same(t, run(t, &Template{Text: hello}, "ada"), "hello ada")
	same(t, run(t, &Template{Text: constant(nil)}, nil), "")
	same(t, run(t, &Template{Text: constant([]any{int64(1), "<"})}, nil), `[1,"<"]`)
	refused(t, &Template{Text: constant(func() {})}, Env{}, nil, plan.CodeInput, "template: the value cannot be written as JSON")
	failing := spec.Value{Program: program(func(spec.Vars) (any, error) { return nil, errors.New("no such key") })}
	refused(t, &Template{Text: failing}, Env{}, nil, plan.CodeExpression, "template: text: no such key")
}

func TestTemplate_ReadsItsFileInTheFolderOnly(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	env := Env{Dir: t.TempDir(), Template: func(source string) (spec.Value, error) {
		if strings.Contains(source, "{{") {
			return spec.Value{}, errors.New("line 1: a brace is not closed")
		}
		return constant("rendered " + source), nil
	}}
	write := func(dir, name string, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(env.Dir, "a.txt", "text")
	write(env.Dir, "bad.txt", "{{")
	write(env.Dir, "large.txt", strings.Repeat("x", templateBytes+1))
	write(outside, "secret", "secret")
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(env.Dir, "link")); err != nil {
		t.Fatal(err)
	}
	out, err := build(t, &Template{File: "a.txt"}, env)(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, out, "rendered text")
	for _, name := range []string{"bad.txt", "large.txt", "link", "none", ".", "../" + filepath.Base(outside) + "/secret", filepath.Join(outside, "secret")} {
		mistaken(t, &Template{File: name}, env, "file")
	}
}

func TestTemplate_Mistakes(t *testing.T) {
	t.Parallel()
	mistaken(t, &Template{}, Env{}, "text")
	mistaken(t, &Template{Text: constant(""), File: "a"}, Env{}, "file")
	mistaken(t, &Template{File: "a"}, Env{Dir: t.TempDir()}, "file")
}
