package journal

import (
	"encoding/json"
	"time"

	"github.com/weirflow/weir/plan"
)

// Request is what a run asks of a person. Its lists are shared by all requests of a step: they must not be modified.
type Request struct {
	// ID names the request: the same whenever the run comes to it again.
	ID string `json:"id"`
	// Path is that of the step that asks, with the numbers of rounds and items.
	Path string `json:"path"`
	// Question is what is asked.
	Question string `json:"question"`
	// Schema is a JSON Schema that the answer must fit; nil: anything fits.
	Schema json.RawMessage `json:"schema,omitempty"`
	// Options are the answers to choose from; nil: it is no choice.
	Options []string `json:"options,omitempty"`
	// Assignees are whom it is meant for; it is for those who show requests.
	Assignees []string `json:"assignees,omitempty"`
	// Asked is when it was first asked, Deadline until when an answer is taken; the zero time is for ever.
	Asked    time.Time `json:"asked,omitzero"`
	Deadline time.Time `json:"deadline,omitzero"`
}

// Pause is the error of a step that waits for an answer. It has plan.CodePaused, so no handler swallows it.
type Pause struct {
	// ID is that of the request, Question what it asks.
	ID, Question string
}

const pausePrefix = "waits for an answer to: "

// Error says what is waited for.
func (p *Pause) Error() string { return pausePrefix + p.Question }

// ErrorCode is plan.CodePaused.
func (*Pause) ErrorCode() plan.Code { return plan.CodePaused }

// Is matches plan.ErrPaused.
func (*Pause) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == plan.CodePaused
}
