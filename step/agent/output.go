package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/schema"
)

// output is how answers are read. It is safe for use by several goroutines.
type output struct {
	// schema is the shape that answers must have; nil: the answer is its text.
	schema *schema.Schema
	json   json.RawMessage // what the model is shown
	decode decoder
}

// decoder makes the step's output of an answer, or says everything that is wrong with it. s is nil for text.
type decoder func(text []byte, s *schema.Schema) (out any, problems []string)

// inferred is the schema of a type.
func inferred(t reflect.Type) (*schema.Schema, error) {
	s, err := schema.Of(t)
	if err == nil {
		s, err = s.Wrapped()
	}
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "%w; give Spec.Schema", err)
	}
	return s, nil
}

// written is a schema that somebody wrote. With text, one that asks for a text and nothing more is none.
func written(raw json.RawMessage, text bool) (*schema.Schema, error) {
	s, err := schema.Parse(raw)
	if err == nil && text && s.PlainText() {
		return nil, nil
	}
	if err == nil {
		s, err = s.Wrapped()
	}
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "the schema of the answer: %w", err)
	}
	return s, nil
}

// wanted is what the model is asked for; nil for text.
func (o *output) wanted(name string) *model.Schema {
	if o.schema == nil {
		return nil
	}
	return &model.Schema{Name: name, JSON: o.json, Strict: true}
}

// judge finds the answer in what a model wrote and makes the step's output of it, or says everything that is wrong.
func (o *output) judge(text string) (out any, problems []string) {
	if o.schema == nil {
		return o.decode([]byte(text), nil)
	}
	if len(text) > schema.MaxLength {
		return nil, []string{fmt.Sprintf("the answer is longer than %d KiB", schema.MaxLength>>10)}
	}
	longest := 0
	for raw := range candidates(text) {
		found, wrong := o.decode(raw, o.schema)
		if len(wrong) == 0 {
			return found, nil
		}
		if len(raw) > longest { // the longest is most likely what was meant
			longest, problems = len(raw), wrong
		}
	}
	if problems == nil {
		problems = []string{"there is no JSON value in it"}
	}
	return nil, problems
}

// typed decodes answers into an O and makes the checks.
func typed[O any](checks []func(O) error) decoder {
	return func(text []byte, s *schema.Schema) (any, []string) {
		var out O
		if s == nil {
			reflect.ValueOf(&out).Elem().SetString(string(text))
		} else if err := s.Decode(text, &out); err != nil {
			return nil, problemsOf(err)
		}
		var problems []string
		for _, check := range checks {
			if check == nil {
				continue
			}
			if err := check(out); err != nil {
				problems = append(problems, oneLine(err))
			}
		}
		return out, problems
	}
}

// untyped gives an answer as it is.
func untyped(text []byte, s *schema.Schema) (any, []string) {
	if s == nil {
		return string(text), nil
	}
	var out any
	if err := s.Decode(text, &out); err != nil {
		return nil, problemsOf(err)
	}
	return out, nil
}

// problemsOf are what is wrong with an answer.
func problemsOf(err error) []string {
	e, ok := errors.AsType[*schema.Error](err)
	if !ok {
		return []string{oneLine(err)}
	}
	var problems []string
	for _, p := range e.Problems {
		problems = append(problems, p.In("the answer"))
	}
	return problems
}
