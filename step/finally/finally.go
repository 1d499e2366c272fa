package finally

import (
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// DefaultTimeout is how long a cleanup may take unless Within says something else.
const DefaultTimeout = 30 * time.Second

// Outcome is what became of a body.
type Outcome[I, O any] struct {
	// Input is what the body was given.
	Input I
	// Output is what it returned; beside an error, often the zero value.
	Output O
	// Err is why it did not succeed, nil when it did. errors.Is(Err, weir.ErrCanceled) says that the run was cancelled.
	Err error
}

// Option changes how a cleanup runs.
type Option func(*Spec)

// Within bounds the cleanup in place of DefaultTimeout. A duration of 0 or less is a mistake that Compile reports.
func Within(d time.Duration) Option { return func(s *Spec) { s.Timeout = d } }

// Do runs body, and then cleanup whatever became of it. What the cleanup returns is dropped. A zero step is a mistake that
// Compile reports.
func Do[I, O, C any](name string, body weir.Step[I, O], cleanup weir.Step[Outcome[I, O], C], opts ...Option) weir.Step[I, O] {
	s := &Spec{Body: spec.Step{Step: body.Written()}, Cleanup: spec.Step{Step: cleanup.Written()}, Timeout: DefaultTimeout}
	for _, o := range opts {
		if o != nil {
			o(s)
		}
	}
	return weir.Make[I, O](name, &node{spec: *s, outcome: typed[I, O]})
}

// typed makes the Outcome of a body. What a body returned beside its error may be of any type.
func typed[I, O any](in, out any, err error) any {
	o := Outcome[I, O]{Err: err}
	o.Input, _ = in.(I)
	o.Output, _ = out.(O)
	return o
}

// plain makes what a cleanup in a blueprint is given.
func plain(in, out any, err error) any {
	m := map[string]any{"input": in, "output": out, "status": plan.Completed.String(), "error": "", "code": "", "path": ""}
	if err != nil {
		m["status"], m["error"], m["code"], m["path"] = statusOf(err).String(), err.Error(), string(plan.CodeOf(err)), pathOf(err)
	}
	return m
}
