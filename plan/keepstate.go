package plan

// KeepState wraps the error of an op that failed although what it wrote to the run's state is to stay, such as a parallel
// step whose other branches succeeded. An engine drops the writes of a step that fails; it leaves those of a step that fails
// with this error, takes the wrapper off, and goes on as with the error itself. A retry drops them all the same. Nil stays nil.
func KeepState(err error) error {
	if err == nil {
		return nil
	}
	return &keeping{err}
}

// StateKept takes the wrapper of KeepState off and says whether there was one. It does not look inside err: what a step
// below wanted to keep is not what this step wants to keep. It is for engines.
func StateKept(err error) (error, bool) {
	if k, ok := err.(*keeping); ok {
		return k.error, true
	}
	return err, false
}

// keeping marks the error of a step whose writes stay.
type keeping struct{ error }

func (k *keeping) Unwrap() error { return k.error }
