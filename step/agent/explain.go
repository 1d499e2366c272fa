package agent

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/schema"
)

// wording is what Explain knows of an agent's texts: as written, expressions unevaluated.
type wording struct {
	system, prompt any
	// made says that a Go function makes the prompt.
	made bool
}

// promptText is a prompt as it was written, empty where there is none.
func promptText(prompt any) string {
	if prompt == nil {
		return ""
	}
	return fmt.Sprint(prompt)
}

// Explain says which model is asked what, and what it must answer.
func (n *node) Explain() string {
	text := "asks the model " + n.asked()
	if v, ok := n.settings.Temperature.Get(); ok {
		text += " (temperature " + strconv.FormatFloat(v, 'g', -1, 64) + ")"
	}
	switch {
	case n.wording.made:
		text += " with a prompt that a Go function makes of the input"
	case n.wording.prompt != nil:
		text += " with the prompt " + plan.Excerpt(n.wording.prompt)
	default:
		text += " with its input as the prompt"
	}
	if s := n.wording.system; s != nil && s != "" {
		text += " and the system prompt " + plan.Excerpt(s)
	}
	return text + n.explainAnswer()
}

// Effects names the model.
func (n *node) Effects() []plan.Effect { return []plan.Effect{{Verb: plan.Asks, What: n.asked()}} }

// asked is the name of the model.
func (n *node) asked() string {
	named, ok := n.model.(model.Named)
	switch {
	case ok:
		return named.Provider() + ":" + named.Name()
	case n.model != nil:
		return "given in Go"
	case n.modelName == "":
		return "that nobody named"
	}
	return n.modelName
}

// explainAnswer says what form the answer has, and what happens to one that has another.
func (n *node) explainAnswer() string {
	if n.output.schema == nil {
		return "; the answer is text"
	}
	var form struct {
		Properties map[string]struct {
			Type any `json:"type"`
		} `json:"properties"`
	}
	_ = json.Unmarshal(n.output.json, &form) // it was made by package schema
	text := "; the answer is JSON"
	switch fields := slices.Sorted(maps.Keys(form.Properties)); {
	case n.output.schema.Wraps():
		if t, ok := form.Properties[schema.ValueKey].Type.(string); ok {
			text += " of type " + t
		}
	case len(fields) > 0:
		text += " with " + plan.Enumerate(fields...)
	}
	switch reask := n.reask; {
	case reask < 0:
		return text
	case reask <= 1: // 0 is the default, DefaultReask
		return text + "; one that does not fit its schema is sent back once"
	default:
		return text + "; one that does not fit its schema is sent back up to " + plan.Count(reask, "time")
	}
}
