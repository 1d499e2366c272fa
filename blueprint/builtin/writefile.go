package builtin

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// WriteFile writes one file under the folder that the runner allows; paths and links that lead out of it are failures.
// Folders on the way are made. With create and overwrite the file is written beside its place, synced and moved there, so
// that a reader sees all of it or none; append writes at the end in one go. The output is a map of path, which
// begins with the allowed folder, and bytes written.
type WriteFile struct {
	Path    spec.Value `weir:"path,required" doc:"The file, relative to the allowed folder."`
	Content spec.Value `weir:"content" doc:"What to write: text as it is, anything else as indented JSON. Default: the step's input."`
	Mode    string     `weir:"mode" enum:"overwrite,create,append" doc:"create fails if the file is there, overwrite replaces it, append adds to it. Default: overwrite."`
}

// fileWriter is WriteFile, checked.
type fileWriter struct {
	root    *os.Root
	path    argument
	content argument
	write   func(w *fileWriter, name string, content []byte) error
	most    int64
}

// Effects names the file.
func (w *WriteFile) Effects() []plan.Effect {
	return []plan.Effect{{Verb: plan.Writes, What: written(w.Path)}}
}

// Build checks the keys and makes the call.
func (f *WriteFile) Build(env Env) (Call, error) {
	m := &mistakes{function: "write_file"}
	w := &fileWriter{
		root:    env.Root,
		path:    argument{function: "write_file", key: "path", value: f.Path},
		content: argument{function: "write_file", key: "content", value: f.Content},
		most:    env.Limits.withDefaults().FileBytes,
	}
	switch m.choose("mode", f.Mode, "overwrite", "create", "append") {
	case "create":
		w.write = (*fileWriter).create
	case "append":
		w.write = (*fileWriter).append
	default:
		w.write = (*fileWriter).overwrite
	}
	if !f.Path.Set() {
		m.add("path", "it is missing; write the name of the file")
	}
	if env.Root == nil {
		m.add("path", "no folder is allowed for writing; name one when running the pipeline")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	return w.call, nil
}

func (w *fileWriter) call(ctx context.Context, in any) (any, error) {
	name, err := w.path.text(ctx, in)
	if err != nil {
		return nil, err
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, plan.Errorf(plan.CodeInput, "write_file: %s: it is not a path inside of the allowed folder", excerpt(name))
	}
	name = path.Clean(filepath.ToSlash(name))
	v, err := w.content.get(ctx, in)
	if err != nil {
		return nil, err
	}
	content, err := fileContent(v)
	if err != nil {
		return nil, plan.Errorf(plan.CodeInput, "write_file: %s: the content %w", name, err)
	}
	if int64(len(content)) > w.most {
		return nil, plan.Errorf(plan.CodeInput, "write_file: %s: the content has %d bytes, more than %d", name, len(content), w.most)
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if err := w.put(name, content); err != nil {
		return nil, fileError("write_file", name, err)
	}
	return map[string]any{"path": filepath.Join(w.root.Name(), filepath.FromSlash(name)), "bytes": int64(len(content))}, nil
}

func fileContent(v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return []byte(v), nil
	case []byte:
		return v, nil
	}
	return encodeJSON(v, "  ")
}

// put makes the folders and writes the file.
func (w *fileWriter) put(name string, content []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := w.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	info, err := w.root.Stat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return errors.New("there is something that is not a regular file")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return w.write(w, name, content)
}

func (w *fileWriter) overwrite(name string, content []byte) error {
	return w.beside(name, content, w.root.Rename)
}

// create links the finished file to its name, which fails where there is one, and leaves the removal to beside.
func (w *fileWriter) create(name string, content []byte) error {
	err := w.beside(name, content, w.root.Link)
	if errors.Is(err, fs.ErrExist) {
		return plan.Errorf(plan.CodeInput, "%w; choose another name, or set mode: overwrite", fs.ErrExist)
	}
	return err
}

// beside writes a file in the same folder and has it moved to its name. What is left of it is removed.
func (w *fileWriter) beside(name string, content []byte, move func(from, to string) error) error {
	draft := path.Join(path.Dir(name), ".weir-"+rand.Text()+".tmp")
	err := w.fill(draft, os.O_CREATE|os.O_EXCL, content)
	if err == nil {
		err = move(draft, name)
	}
	if gone := w.root.Remove(draft); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

func (w *fileWriter) append(name string, content []byte) error {
	return w.fill(name, os.O_CREATE|os.O_APPEND, content)
}

func (w *fileWriter) fill(name string, flags int, content []byte) (err error) {
	f, err := w.root.OpenFile(name, os.O_WRONLY|flags, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(content); err != nil {
		return err
	}
	return f.Sync()
}
