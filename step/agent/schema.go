package agent

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// schema is the shape that answers must have, ready for use. It is safe for use by several goroutines.
type schema struct {
	// text says that the answer is its text; there is no schema then.
	text bool
	// json is what the model is shown.
	json json.RawMessage
	// whole judges a whole answer; inner judges the value inside when the answer is wrapped, and is nil otherwise.
	whole, inner *jsonschema.Resolved
	// parts judge an answer part by part. They are made when the first answer does not pass.
	parts func() *part
}

// valueKey is the key under which an answer that is no object stands.
const valueKey = "value"

// textSchema is for answers that are plain text.
func textSchema() *schema { return &schema{text: true} }

// ready resolves a schema, wrapped in an object where it is none.
func ready(root *jsonschema.Schema) (*schema, error) {
	s := &schema{}
	if root.Type != "object" {
		inner, err := resolve(root)
		if err != nil {
			return nil, err
		}
		s.inner = inner
		root = &jsonschema.Schema{
			Type: "object", Properties: map[string]*jsonschema.Schema{valueKey: root}, Required: []string{valueKey},
			AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
		}
	}
	raw, err := json.Marshal(root)
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "the schema of the answer: %w", err)
	}
	s.json = raw
	if s.whole, err = resolve(root); err != nil {
		return nil, err
	}
	s.parts = sync.OnceValue(func() *part { return partOf(root) })
	return s, nil
}

// resolve prepares a schema. It has no references left, so nothing is loaded.
func resolve(root *jsonschema.Schema) (*jsonschema.Resolved, error) {
	r, err := root.CloneSchemas().Resolve(nil)
	if err != nil {
		return nil, plan.Errorf(plan.CodeConfig, "the schema of the answer: %w", err)
	}
	return r, nil
}

// wanted is what the model is asked for; nil for text.
func (s *schema) wanted(name string) *model.Schema {
	if s.text {
		return nil
	}
	return &model.Schema{Name: name, JSON: s.json, Strict: true}
}

// judge finds the answer in what a model wrote and makes the step's output of it, or says everything that is wrong.
func (s *schema) judge(text string, decode decoder) (out any, problems []string) {
	if s.text {
		return decode(answer{raw: []byte(text), text: true})
	}
	if len(text) > maxAnswer {
		return nil, []string{fmt.Sprintf("the answer is longer than %d KiB", maxAnswer>>10)}
	}
	longest := 0
	for raw := range candidates(text) {
		a, err := parseAnswer(raw)
		var wrong []string
		if err != nil {
			wrong = []string{problem("", err)}
		} else if wrong = s.check(&a); len(wrong) == 0 {
			if out, wrong = decode(a); len(wrong) == 0 {
				return out, nil
			}
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

// check judges an answer, and takes the value out of its wrapping. A model that left the wrapping away is understood.
func (s *schema) check(a *answer) []string {
	err := s.whole.Validate(a.value)
	switch {
	case err == nil && s.inner == nil:
		return nil
	case err == nil:
		return a.unwrap()
	case s.inner != nil && s.inner.Validate(a.value) == nil:
		return nil
	}
	problems := s.parts().problems("", a.value, nil)
	if len(problems) == 0 { // what only the whole shows
		problems = []string{problem("", trimmed(err))}
	}
	return problems
}
