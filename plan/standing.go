package plan

// Standing wraps the error of an op that ends the run although its step did not fail, such as an abort by a hook. With NotRun
// the step was never begun; with Completed it succeeded, and what it wrote stays. An engine records the step so, takes the
// wrapper off, and goes on as with the error itself, which must be Final. Nil stays nil.
func Standing(err error, s Status) error {
	if err == nil {
		return nil
	}
	return &standing{err, s}
}

// StandingOf takes the wrapper of Standing off and gives the status that it says; Failed where there is none. Like StateKept it
// does not look inside err. It is for engines.
func StandingOf(err error) (Status, error) {
	if s, ok := err.(*standing); ok {
		return s.status, s.error
	}
	return Failed, err
}

// standing marks the error of a step that did not fail.
type standing struct {
	error
	status Status
}

func (s *standing) Unwrap() error { return s.error }
