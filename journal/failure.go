package journal

import (
	"slices"
	"time"

	"github.com/weirflow/weir/plan"
)

// Failure is an error as a journal keeps it: what handlers ask of it. It matches with errors.Is what has its code or that of an error
// which the original wrapped; other errors that it wrapped are gone.
type Failure struct {
	Code plan.Code `json:"code"`
	// Codes are the other codes in the original's tree.
	Codes []plan.Code `json:"codes,omitzero"`
	Class plan.Class  `json:"class,omitzero"`
	Text  string      `json:"text"`
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
	f.gather(err, 0)
	if at, ok := err.(*plan.StepError); ok {
		f.Path, f.Kind, f.Attempt, f.Text = at.Path, at.Kind, at.Attempt, at.Err.Error()
	}
	return f
}

// maxCodes bounds how many codes are kept, and how deep an error is searched for them: it is others' data.
const maxCodes = 16

// gather takes the codes in the tree of err.
func (f *Failure) gather(err error, depth int) {
	if err == nil || depth > maxCodes || len(f.Codes) == maxCodes {
		return
	}
	if c, ok := err.(interface{ ErrorCode() plan.Code }); ok {
		if code := c.ErrorCode(); code != f.Code && !slices.Contains(f.Codes, code) {
			f.Codes = append(f.Codes, code)
		}
	}
	switch w := err.(type) {
	case *Failure:
		for _, code := range w.Codes {
			f.gather(&plan.Error{Code: code}, depth+1)
		}
	case interface{ Unwrap() error }:
		f.gather(w.Unwrap(), depth+1)
	case interface{ Unwrap() []error }:
		for _, one := range w.Unwrap() {
			f.gather(one, depth+1)
		}
	}
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

// Is matches every plan.Error of one of its codes.
func (f *Failure) Is(target error) bool {
	t, ok := target.(*plan.Error)
	return ok && (t.Code == f.Code || slices.Contains(f.Codes, t.Code))
}
