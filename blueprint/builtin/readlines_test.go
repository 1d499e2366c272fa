package builtin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// file writes a file into a new folder and gives an Env that reads there.
func file(t testing.TB, content string) (Env, string) {
	t.Helper()
	env := Env{Dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(env.Dir, "a.log"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return env, "a.log"
}

func TestReadLines_SplitsAtEveryLineEnd(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][]any{
		"":                {},
		"\n":              {""},
		"a":               {"a"},
		"a\n":             {"a"},
		"a\n\nb":          {"a", "", "b"},
		"a\r\nb\r\n":      {"a", "b"},
		"\ufeffa\n\ufeff": {"a", "\ufeff"},
		"a\rb\x00\n":      {"a\rb\x00"},
		"é\n\ufffd":       {"é", "\ufffd"},
	} {
		env, name := file(t, content)
		out, err := build(t, &ReadLines{}, env)(t.Context(), name)
		if err != nil {
			t.Fatalf("%q: %v", content, err)
		}
		same(t, out, want)
	}
}

func TestReadLines_PathComesFromKeyOrInput(t *testing.T) {
	t.Parallel()
	env, name := file(t, "a")
	fromKey := &ReadLines{Path: spec.Value{Program: program(func(vars spec.Vars) (any, error) {
		return vars[spec.VarPrevious].(object)["file"], nil
	})}}
	for _, path := range []string{name, filepath.Join(env.Dir, name)} {
		out, err := build(t, fromKey, env)(t.Context(), object{"file": path})
		if err != nil {
			t.Fatal(err)
		}
		same(t, out, []any{"a"})
	}
	refused(t, &ReadLines{}, env, object{}, plan.CodeInput, "read_lines: path: the input is a map", "must be text where path is not given")
	refused(t, &ReadLines{Path: constant(int64(1))}, env, nil, plan.CodeInput, "path: the value is a number")
	refused(t, &ReadLines{}, env, "", plan.CodeInput, "path: the text is empty")
	failing := &ReadLines{Path: spec.Value{Program: program(func(spec.Vars) (any, error) { return nil, errors.New("no such name") })}}
	refused(t, failing, env, nil, plan.CodeExpression, "read_lines: path: no such name")
}

func TestReadLines_NamesFileAndLineOfWhatItRefuses(t *testing.T) {
	t.Parallel()
	env, name := file(t, "first\nsecond is long\nthird")
	refused(t, &ReadLines{MaxLineBytes: 6}, env, name, plan.CodeInput, "a.log:2:", "14 bytes", "the 6 of max_line_bytes")
	refused(t, &ReadLines{MaxBytes: 5}, env, name, plan.CodeInput, "a.log:", "26 bytes", "the 5 of max_bytes")
	refused(t, &ReadLines{MaxLines: 2}, env, name, plan.CodeInput, "a.log:", "3 lines", "the 2 of max_lines")
	if _, err := build(t, &ReadLines{MaxLineBytes: 14, MaxBytes: 26, MaxLines: 3}, env)(t.Context(), name); err != nil {
		t.Errorf("limits that are just met: %v", err)
	}
	long, name := file(t, "a\n"+strings.Repeat("x", 1<<20+1))
	refused(t, &ReadLines{}, long, name, plan.CodeInput, "a.log:2:", "1048577 bytes")
}

func TestReadLines_InvalidUTF8FailsOrIsReplaced(t *testing.T) {
	t.Parallel()
	env, name := file(t, "good\n\ufffd ok b\xffd\xfe\xfe\ngood")
	refused(t, &ReadLines{}, env, name, plan.CodeInput, "a.log:2:", "not UTF-8 from byte 9", "invalid: replace")
	out, err := build(t, &ReadLines{Invalid: "replace"}, env)(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	same(t, out, []any{"good", "\ufffd ok b\ufffdd\ufffd", "good"})
	mistaken(t, &ReadLines{Invalid: "drop"}, env, "invalid")
}

func TestReadLines_RefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	env, _ := file(t, "")
	refused(t, &ReadLines{}, env, "none.log", plan.CodeNotFound, "read_lines: none.log: file does not exist")
	refused(t, &ReadLines{}, env, ".", plan.CodeInput, "it is a folder")
	refused(t, &ReadLines{}, env, os.DevNull, plan.CodeInput, "not a regular file")
	refused(t, &ReadLines{}, env, "a\x00b", plan.CodeFailed, "read_lines")
	_, err := build(t, &ReadLines{}, env)(t.Context(), "none.log")
	if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), env.Dir) {
		t.Errorf("%v: want fs.ErrNotExist without the folder's path", err)
	}
}

func TestReadLines_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, content := range []string{"", "a\n"} {
		env, name := file(t, content)
		if out, err := build(t, &ReadLines{}, env)(ctx, name); !errors.Is(err, context.Canceled) {
			t.Errorf("%q: got %v, %v; want context.Canceled", content, out, err)
		}
	}
}

func TestReadLines_TakesTheLinesOfATextInstead(t *testing.T) {
	t.Parallel()
	text := constant("one\r\ntwo\n\nfour")
	got, err := build(t, &ReadLines{Text: text}, Env{})(t.Context(), "ignored")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, []any{"one", "two", "", "four"})
	if got, err = build(t, &ReadLines{Text: constant("")}, Env{})(t.Context(), nil); err != nil || len(got.([]any)) != 0 {
		t.Errorf("an empty text gives %v, %v", got, err)
	}
	for name, c := range map[string]struct {
		text any
		want string
	}{
		"a long line": {strings.Repeat("x", 1<<20+1), "the text:1:"},
		"not UTF-8":   {"fine\n\xff\n", "the text:2:"},
		"not text":    {int64(7), "must be text"},
	} {
		if _, err := build(t, &ReadLines{Text: constant(c.text)}, Env{})(t.Context(), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (&ReadLines{Text: text, Path: text}).Build(Env{}); err == nil || !strings.Contains(err.Error(), "keep one") {
		t.Errorf("text and path: %v", err)
	}
}

func TestReadLines_TakesItsInputAsTextWithoutEvaluatingIt(t *testing.T) {
	t.Parallel()
	never := program(func(spec.Vars) (any, error) { return nil, errors.New("evaluated") })
	for source, direct := range map[string]bool{
		"{{ previous_step }}": true, "{{previous_step}}": true,
		"{{ previous_step.text }}": false, "{{ previous_step }}\n": false, "{{ previous_step }} {{ previous_step }}": false, "previous_step": false,
	} {
		out, err := build(t, &ReadLines{Text: spec.Value{Source: source, Program: never}}, Env{})(t.Context(), "a\nb")
		if direct {
			if err != nil {
				t.Errorf("%q: %v", source, err)
			}
			same(t, out, []any{"a", "b"})
		} else if err == nil || !strings.Contains(err.Error(), "evaluated") {
			t.Errorf("%q gives %v, %v without being evaluated", source, out, err)
		}
	}
	refused(t, &ReadLines{Text: spec.Value{Source: "{{ previous_step }}", Program: never}}, Env{}, object{}, plan.CodeInput, "text: the value is a map")
}
