package blueprint

import (
	"reflect"

	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Options say what a blueprint may use. The zero value knows the kind step and the built-in functions that need no permission.
type Options struct {
	// Kinds are the kinds of steps besides step: kinds.All() of package step/kinds.
	Kinds []spec.Kind
	// Funcs are the Go functions that uses: fn:NAME and the keys that take a function find, by NAME. Func makes an
	// entry of an ordinary function.
	Funcs map[string]plan.Op
	// Builtins is what the built-in functions may read, write and reach. Its Template is set by Load.
	Builtins builtin.Env
}

// Blueprint is a pipeline that was read from YAML. It is immutable.
type Blueprint struct {
	// Name and Description are the document's; they may be empty.
	Name, Description string
	// Version is that of the format.
	Version int
	// Source is the text as it was read.
	Source string
	// Step is the pipeline, for weir.Dynamic.
	Step *plan.Step
	// State are the declared keys of the context with their defaults: for weir.Config.State.
	State []state.Value
	// Keys says of each of State what was declared, for people.
	Keys []Key
	// Without names the optimisations to leave out: for weir.Config.Without.
	Without []string
	// Limits are those of a run: for weir.Config.Limits.
	Limits usage.Limits
}

// kinds are all kinds that a step may be of, in the order in which they are told.
func (o *Options) kinds() []spec.Kind {
	list := append([]spec.Kind{{Name: stepKind, Doc: "Runs a function or asks an agent."}}, o.Kinds...)
	return append(list, cachingKind())
}

// Load reads a blueprint. The name stands for it in errors, and in the Source of steps; it is not opened. The error is of type Errors.
func Load(name string, src []byte, o Options) (*Blueprint, error) {
	p := &problems{source: newSource(name, src)}
	root := parse(p.source, p)
	if root == nil {
		return nil, p.err()
	}
	compiler, err := expr.NewCompiler()
	if err != nil {
		return nil, err
	}
	d := &decoder{
		problems: p, options: o, compiler: compiler, fields: map[reflect.Type][]field{},
		kinds: o.kinds(), scope: &scope{},
	}
	b := d.document(root)
	if err := p.err(); err != nil {
		return nil, err
	}
	b.Source = string(src)
	return b, nil
}

// LoadFile is Load for a file, which must be a regular one of at most 4 MiB.
func LoadFile(path string, o Options) (*Blueprint, error) {
	src, err := readSource(path)
	if err != nil {
		return nil, err
	}
	return Load(path, src, o)
}
