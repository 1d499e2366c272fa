package builtin

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// ReadLines reads a text file into a []any of its lines, in order: line n of the file is item n-1. LF and CRLF end a line,
// a byte order mark at the start is dropped, and a last line without an end counts. The lines share one copy of the file,
// which is held for as long as one of them is. Only regular files are read: a pipe or device could have no end.
type ReadLines struct {
	Path         spec.Value `weir:"path" doc:"The file, relative to the blueprint's folder or absolute. Default: the step's input."`
	Text         spec.Value `weir:"text" doc:"The text whose lines are taken, instead of a file's."`
	MaxLineBytes int        `weir:"max_line_bytes" doc:"The longest line that is taken; a longer one fails the step. Default and most: 1048576."`
	MaxBytes     int64      `weir:"max_bytes" doc:"The largest file that is taken; a larger one fails the step. Default: 268435456."`
	MaxLines     int        `weir:"max_lines" doc:"The most lines that are taken; more fail the step. Default: 5000000."`
	Invalid      string     `weir:"invalid" enum:"error,replace" doc:"What to do with bytes that are not UTF-8: error fails the step, replace puts U+FFFD. Default: error."`
}

// maxLines keeps a file of nothing but line ends from taking sixteen times its size.
const maxLines = 5_000_000

// lineReader is ReadLines, checked.
type lineReader struct {
	dir       string
	lineBytes int
	fileBytes int64
	lines     int
	replace   bool
}

// Effects names the file, if there is one.
func (r *ReadLines) Effects() []plan.Effect {
	switch {
	case r.Path.Set():
		return []plan.Effect{{Verb: plan.Reads, What: written(r.Path)}}
	case r.Text.Set():
		return nil
	}
	return []plan.Effect{{Verb: plan.Reads, What: "the file that its input names"}}
}

// Build checks the limits and makes the call.
func (r *ReadLines) Build(env Env) (Call, error) {
	m := &mistakes{function: "read_lines"}
	limits := env.Limits.withDefaults()
	reader := lineReader{
		dir:       env.Dir,
		lineBytes: bounded(m, "max_line_bytes", r.MaxLineBytes, lineBytes, lineBytes),
		fileBytes: bounded(m, "max_bytes", r.MaxBytes, fileBytes, limits.FileBytes),
		lines:     bounded(m, "max_lines", r.MaxLines, maxLines, 10*maxLines),
		replace:   m.choose("invalid", r.Invalid, "error", "replace") == "replace",
	}
	if r.Text.Set() && r.Path.Set() {
		m.add("text", "text and path both say where the lines are; keep one")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	if r.Text.Set() {
		text := argument{function: "read_lines", key: "text", value: r.Text}
		return func(ctx context.Context, in any) (any, error) { return reader.given(ctx, text, in) }, nil
	}
	path := argument{function: "read_lines", key: "path", value: r.Path}
	return func(ctx context.Context, in any) (any, error) {
		name, err := path.text(ctx, in)
		if err != nil {
			return nil, err
		}
		text, err := reader.read(ctx, name)
		if err != nil {
			return nil, err
		}
		return reader.split(ctx, name, text)
	}, nil
}

// given splits a text that the pipeline has already.
func (r lineReader) given(ctx context.Context, from argument, in any) (any, error) {
	v, err := in, error(nil)
	if !isInput(from.value) {
		if v, err = from.get(ctx, in); err != nil {
			return nil, err
		}
	}
	text, ok := v.(string) // an empty one has no lines
	if !ok {
		return nil, plan.Errorf(plan.CodeInput, "read_lines: text: the value is %s; it must be text", describe(v))
	}
	if int64(len(text)) > r.fileBytes {
		return nil, plan.Errorf(plan.CodeInput, "read_lines: the text has %d bytes, more than the %d of max_bytes", len(text), r.fileBytes)
	}
	return r.split(ctx, "the text", text)
}

// isInput says that a value is the step's input and nothing else. It is then taken as it is: an expression may not see a
// text of more than 10 MB, and a log is often longer.
func isInput(v spec.Value) bool {
	source, _ := v.Source.(string)
	inner, opened := strings.CutPrefix(source, "{{")
	inner, closed := strings.CutSuffix(inner, "}}")
	return opened && closed && strings.TrimSpace(inner) == spec.VarPrevious
}

// read takes in the whole file.
func (r lineReader) read(ctx context.Context, name string) (_ string, err error) {
	full := name
	if !filepath.IsAbs(name) {
		full = filepath.Join(r.dir, name)
	}
	// Looked at before it is opened: opening a pipe waits for someone to write.
	info, err := os.Stat(full)
	if err != nil {
		return "", fileError("read_lines", name, err)
	}
	if err := r.acceptable(name, info); err != nil {
		return "", err
	}
	f, err := os.Open(full)
	if err != nil {
		return "", fileError("read_lines", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var b strings.Builder
	b.Grow(int(info.Size()))
	for {
		if err := context.Cause(ctx); err != nil {
			return "", err
		}
		n, err := io.CopyN(&b, f, 1<<20)
		if int64(b.Len()) > r.fileBytes {
			return "", plan.Errorf(plan.CodeInput, "read_lines: %s: the file grew past the %d bytes of max_bytes", name, r.fileBytes)
		}
		if n == 0 && errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fileError("read_lines", name, err)
		}
	}
}

func (r lineReader) acceptable(name string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return plan.Errorf(plan.CodeInput, "read_lines: %s: it is a folder; name a file", name)
	case !info.Mode().IsRegular():
		return plan.Errorf(plan.CodeInput, "read_lines: %s: it is not a regular file", name)
	case info.Size() > r.fileBytes:
		return plan.Errorf(plan.CodeInput, "read_lines: %s: the file has %d bytes, more than the %d of max_bytes", name, info.Size(), r.fileBytes)
	}
	return nil
}

// fileError says what was wrong with a file by the name that the pipeline used, not by the path on this machine.
func fileError(function, name string, err error) error {
	err = pathCause(err)
	code := plan.CodeFailed
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = plan.CodeNotFound
		err = fs.ErrNotExist
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrExist):
		code = plan.CodeInput
	}
	return plan.Errorf(code, "%s: %s: %w", function, name, err)
}

// pathCause takes the path off an error of package os.
func pathCause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
