package journal

import (
	"time"

	"github.com/weirflow/weir/plan"
)

// Failure is an error as a journal keeps it: what handlers ask of it. It matches with errors.Is what has its code; other errors that
// the original wrapped are gone.
type Failure struct {
	Code  plan.Code  `json:"code"`
	Class plan.Class `json:"class,omitzero"`
	Text  string     `json:"text"`
	// Permanent says that another attempt would not mend it; After is the wait that the other side asked for.
	Permanent bool          `json:"permanent,omitzero"`
	After     time.Duration `json:"retry_after_ns,omitzero"`
	// Path, Kind and Attempt say where a run failed.
	Path    string `json:"path,omitzero"`
	Kind    string `json:"kind,omitzero"`
	Attempt int    `json:"attempt,omitzero"`
}

// Failed is an error as a journal keeps it, nil for nil.
func Failed(err error) *Failure {
	if err == nil {
		return nil
	}
	f := &Failure{
		Code: plan.CodeOf(err), Class: plan.ClassOf(err), Text: err.Error(),
		Permanent: plan.Permanent(err), After: plan.RetryAfter(err),
	}
	if at, ok := err.(*plan.StepError); ok {
		f.Path, f.Kind, f.Attempt, f.Text = at.Path, at.Kind, at.Attempt, at.Err.Error()
	}
	return f
}

// Err is the error again, nil for nil.
func (f *Failure) Err() error {
	if f == nil {
		return nil
	}
	var err error = f
	if f.Permanent {
		err = plan.NoRetry(err)
	}
	if f.Path != "" {
		err = &plan.StepError{Path: f.Path, Kind: f.Kind, Attempt: f.Attempt, Code: f.Code, Err: err}
	}
	return err
}

// Error gives the text.
func (f *Failure) Error() string { return f.Text }

// ErrorCode gives the code.
func (f *Failure) ErrorCode() plan.Code { return f.Code }

// ErrorClass gives the class.
func (f *Failure) ErrorClass() plan.Class { return f.Class }

// RetryAfter gives the wait that the other side asked for.
func (f *Failure) RetryAfter() time.Duration { return f.After }

// Is matches every plan.Error of its code.
func (f *Failure) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && t.Code == f.Code
}
