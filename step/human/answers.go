package human

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/schema"
)

// answers says which answers a question takes.
type answers struct {
	// shape is the JSON Schema that is shown; nil: anything.
	shape json.RawMessage
	// fit gives the answer as the step gets it, or what is wrong with it.
	fit func(v any) (any, error)
}

// check judges an answer. Where there are options it must be one of them.
func (a *answers) check(options []string, v any) (any, error) {
	fitted, err := a.fit(v)
	if err != nil || len(options) == 0 {
		return fitted, err
	}
	if text := fmt.Sprint(fitted); !slices.Contains(options, text) {
		return nil, plan.Errorf(plan.CodeAnswer, "%.100q is none of %s", text, strings.Join(options, ", "))
	}
	return fitted, nil
}

// anything takes every answer as it is.
func anything() *answers { return &answers{fit: func(v any) (any, error) { return v, nil }} }

// fitting takes what fits a schema, as plain values.
func fitting(s *schema.Schema) *answers {
	return &answers{shape: s.JSON(), fit: func(v any) (any, error) {
		var out any
		err := s.Convert(v, &out)
		return out, err
	}}
}

// typed takes what is, or can be read as, an A.
func typed[A any]() (*answers, error) {
	s, err := schema.For[A]()
	if err != nil {
		return nil, err
	}
	return &answers{shape: s.JSON(), fit: func(v any) (any, error) {
		var out A
		err := s.Convert(v, &out)
		return out, err
	}}, nil
}

// Approval is the answer to Approve.
type Approval struct {
	Approved bool `json:"approved"`
	// Comment says why; it is in the error of a rejection.
	Comment string `json:"comment,omitzero"`
}

// The words that stand for an approval; each is also taken in other case.
var (
	yes = []string{"approve", "approved", "yes", "y", "true"}
	no  = []string{"reject", "rejected", "no", "n", "false"}
)

// approvalShape is the schema of an approval.
const approvalShape = `{"anyOf":[{"type":"boolean"},{"type":"string","enum":["approve","reject"]},` +
	`{"type":"object","properties":{"approved":{"type":"boolean"},"comment":{"type":"string"}},"required":["approved"],"additionalProperties":false}]}`

// approval takes yes or no in every form in which people and programs say it.
func approval() *answers { return &answers{shape: json.RawMessage(approvalShape), fit: approved} }

func approved(v any) (any, error) {
	switch v := v.(type) {
	case Approval:
		return v, nil
	case *Approval:
		if v != nil {
			return *v, nil
		}
	case bool:
		return Approval{Approved: v}, nil
	case string:
		return word(v)
	case json.RawMessage:
		return approvedText(v)
	case map[string]any:
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return approvedText(raw)
	}
	return nil, plan.Errorf(plan.CodeAnswer, "an approval is true or false, approve or reject, or {approved, comment}, not %s", plan.Describe(v))
}

// word reads an approval in words, or as JSON.
func word(text string) (any, error) {
	w := strings.ToLower(strings.TrimSpace(text))
	switch {
	case slices.Contains(yes, w):
		return Approval{Approved: true}, nil
	case slices.Contains(no, w):
		return Approval{}, nil
	case strings.HasPrefix(w, "{"):
		return approvedText([]byte(text))
	}
	return nil, plan.Errorf(plan.CodeAnswer, "%.40q is neither approve nor reject", text)
}

// approvedText reads an approval in JSON.
func approvedText(raw []byte) (any, error) {
	var scalar any
	if err := json.Unmarshal(raw, &scalar); err != nil {
		return nil, plan.Errorf(plan.CodeAnswer, "it is no JSON: %w", err)
	}
	object, ok := scalar.(map[string]any)
	if !ok {
		if _, again := scalar.(json.RawMessage); again || scalar == nil {
			return nil, plan.Errorf(plan.CodeAnswer, "an approval is true or false, not nothing")
		}
		return approved(scalar)
	}
	a := Approval{}
	for key, v := range object {
		switch value := v.(type) {
		case bool:
			if key == "approved" {
				a.Approved = value
				continue
			}
		case string:
			if key == "comment" {
				a.Comment = value
				continue
			}
		}
		return nil, plan.Errorf(plan.CodeAnswer, "an approval has approved (true or false) and comment (a text), not %.40q as %s", key, plan.Describe(v))
	}
	if _, ok := object["approved"]; !ok {
		return nil, plan.Errorf(plan.CodeAnswer, "an approval needs approved: true or false")
	}
	return a, nil
}
