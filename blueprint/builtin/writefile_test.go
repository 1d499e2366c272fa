package builtin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/weirflow/weir/plan"
)

// allowed opens a new folder to write in.
func allowed(t *testing.T) (Env, string) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return Env{Root: root}, dir
}

// holds wants a file to hold a text and its folder to hold nothing else that a write left.
func holds(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(file), got, err, want)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".weir-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWriteFile_WritesTextAndJSON(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	out, err := build(t, &WriteFile{Path: constant("out/./a/report.md")}, env)(t.Context(), "# é\n")
	if err != nil {
		t.Fatal(err)
	}
	same(t, out, object{"path": filepath.Join(dir, "out", "a", "report.md"), "bytes": int64(5)})
	holds(t, filepath.Join(dir, "out", "a", "report.md"), "# é\n")
	_, err = build(t, &WriteFile{Path: constant("r.json"), Content: constant(object{"b": []any{int64(1)}, "a": "<"})}, env)(t.Context(), "unused")
	if err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, "r.json"), "{\n  \"a\": \"<\",\n  \"b\": [\n    1\n  ]\n}\n")
}

func TestWriteFile_Modes(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	file := filepath.Join(dir, "a.txt")
	put := func(mode, content string) error {
		_, err := build(t, &WriteFile{Path: constant("a.txt"), Mode: mode}, env)(t.Context(), content)
		return err
	}
	for _, step := range []struct{ mode, content, want string }{
		{"create", "one", "one"}, {"", "two", "two"}, {"append", "three", "twothree"}, {"overwrite", "", ""},
	} {
		if err := put(step.mode, step.content); err != nil {
			t.Fatalf("%s: %v", step.mode, err)
		}
		holds(t, file, step.want)
	}
	if err := put("create", "again"); !errors.Is(err, fs.ErrExist) || plan.CodeOf(err) != plan.CodeInput || !strings.Contains(err.Error(), "write_file: a.txt: file already exists; choose") {
		t.Errorf("create over a file: %v", err)
	}
	holds(t, file, "")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := put("append", "new"); err != nil {
		t.Error(err)
	}
	holds(t, file, "new")
}

func TestWriteFile_NeverLeavesItsFolder(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"folder": outside, "file": secret, "new": filepath.Join(outside, "new"), "inside": filepath.Join(dir, "target")} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []string{"create", "overwrite", "append"} {
		for _, path := range []string{
			"../a", "a/../../a", "/etc/a", secret, "..", "folder/secret", "folder/b", "file", "new/x", "a\x00b", ".", "a/../..",
		} {
			out, err := build(t, &WriteFile{Path: constant(path), Mode: mode}, env)(t.Context(), "x")
			if err == nil {
				t.Errorf("%s %q was written: %v", mode, path, out)
			}
		}
	}
	holds(t, secret, "kept")
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("the folder outside has %v, %v", entries, err)
	}
	refused(t, &WriteFile{Path: constant("../a")}, env, "x", plan.CodeInput, `write_file: "../a": it is not a path inside of the allowed folder`)
}

func TestWriteFile_ReplacesADanglingLinkInsteadOfFollowingIt(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	if err := os.Symlink("gone", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := build(t, &WriteFile{Path: constant("link")}, env)(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(filepath.Join(dir, "link")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v, %v: want a regular file", info, err)
	}
}

func TestWriteFile_RefusesWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	refused(t, &WriteFile{Path: constant("folder")}, env, "x", plan.CodeFailed, "write_file: folder: there is something that is not a regular file")
	refused(t, &WriteFile{Path: constant("a")}, env, func() {}, plan.CodeInput, "write_file: a: the content cannot be written as JSON")
	refused(t, &WriteFile{Path: constant(int64(1))}, env, "x", plan.CodeInput, "write_file: path: the value is a number")
	small := env
	small.Limits.FileBytes = 3
	refused(t, &WriteFile{Path: constant("a")}, small, "four", plan.CodeInput, "4 bytes, more than 3")
	mistaken(t, &WriteFile{Mode: "clobber"}, Env{}, "mode", "path", "path")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := build(t, &WriteFile{Path: constant("late")}, env)(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "late")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("written after the end: %v", err)
	}
}

func TestWriteFile_ReadersSeeAllOrNothing(t *testing.T) {
	t.Parallel()
	env, dir := allowed(t)
	call := build(t, &WriteFile{Path: constant("a.txt")}, env)
	contents := []string{strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<16)}
	if _, err := call(t.Context(), contents[0]); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, content := range contents {
		wg.Go(func() {
			for range 10 {
				if _, err := call(t.Context(), content); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		got, err := os.ReadFile(filepath.Join(dir, "a.txt"))
		if err != nil || (string(got) != contents[0] && string(got) != contents[1]) {
			t.Errorf("read %d bytes of a mixture, %v", len(got), err)
		}
	}
	wg.Wait()
	holds(t, filepath.Join(dir, "a.txt"), string(must(os.ReadFile(filepath.Join(dir, "a.txt")))))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
