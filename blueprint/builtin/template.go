package builtin

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// Template renders a text with placeholders, or a file of it, into text. The step's input is previous_step in it. A value
// that is not text is rendered as JSON. A file is read and compiled once, when the blueprint is loaded.
type Template struct {
	Text spec.Value `weir:"text" doc:"The text. One of text and file is needed."`
	File string     `weir:"file" doc:"A file with the text, in the blueprint's folder; at most 1 MiB."`
}

// templateBytes bounds a template's file.
const templateBytes = 1 << 20

// Effects names the template's file, if there is one.
func (t *Template) Effects() []plan.Effect {
	if t.File == "" {
		return nil
	}
	return []plan.Effect{{Verb: plan.Reads, What: t.File}}
}

// Build reads and compiles the file, if there is one, and makes the call.
func (t *Template) Build(env Env) (Call, error) {
	m := &mistakes{function: "template"}
	text := t.Text
	switch {
	case t.Text.Set() && t.File != "":
		m.add("file", "it cannot stand beside text; write one of them")
	case t.File != "":
		text = readTemplate(m, env, t.File)
	case !t.Text.Set():
		m.add("text", "it is missing; write text or file")
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	value := argument{function: "template", key: "text", value: text}
	return func(ctx context.Context, in any) (any, error) {
		v, err := value.get(ctx, in)
		if err != nil {
			return nil, err
		}
		rendered, err := toText(v)
		if err != nil {
			return nil, plan.Errorf(plan.CodeInput, "template: the value %w", err)
		}
		return rendered, nil
	}, nil
}

func readTemplate(m *mistakes, env Env, name string) spec.Value {
	if env.Template == nil || env.Dir == "" {
		m.add("file", "template files cannot be read here; write text")
		return spec.Value{}
	}
	source, err := readWithin(env.Dir, name, templateBytes)
	if err != nil {
		m.add("file", "%s: %v", name, err)
		return spec.Value{}
	}
	v, err := env.Template(source)
	if err != nil {
		m.add("file", "%s: %v", name, err)
	}
	return v
}

// readWithin reads a regular file that does not lie outside of a folder, by name or by link.
func readWithin(dir, name string, most int64) (_ string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	info, err := root.Stat(name)
	if err != nil {
		return "", pathCause(err)
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is not a regular file")
	}
	f, err := root.Open(name)
	if err != nil {
		return "", pathCause(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(b)) > most {
		return "", errors.New("it is larger than 1 MiB")
	}
	return string(b), err
}
