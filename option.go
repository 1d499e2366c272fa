package weir

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// RunOption sets something for one run.
type RunOption func(*settings)

// settings are what the options of one run and the Config of its plan come to.
type settings struct {
	job     engine.Job
	measure bool
	answers func(context.Context, Request) (any, error)
}

// ID gives the run its id. Without it a run that is recorded gets a random one.
func ID(id string) RunOption { return func(s *settings) { s.job.ID = id } }

// Budget bounds this run: those limits that are set replace the ones of the Config.
func Budget(l usage.Limits) RunOption {
	return func(s *settings) {
		have := &s.terms().Limits
		have.Duration = pick(l.Duration, have.Duration)
		have.Calls = pick(l.Calls, have.Calls)
		have.Tokens = pick(l.Tokens, have.Tokens)
		have.Cost = pick(l.Cost, have.Cost)
	}
}

// pick is a unless it is the zero value.
func pick[T time.Duration | usage.Limit](a, b T) T {
	if a != *new(T) {
		return a
	}
	return b
}

// State sets what the run's state holds at the start, on top of what the Config says.
func State(values ...state.Value) RunOption {
	return func(s *settings) {
		t := s.terms()
		t.State = slices.Concat(t.State, values)
	}
}

// terms are the run's own, which may be changed.
func (s *settings) terms() *engine.Terms {
	own := s.job.Under()
	own.Bare = false
	s.job.Terms = &own
	return &own
}

// Measure fills Metrics.AllocatedBytes and Metrics.GCCycles. They can only be read for the whole process, so they mean
// something only when nothing else runs in it; reading them costs about a microsecond.
func Measure() RunOption { return func(s *settings) { s.measure = true } }

// Answers lets f answer what the run asks of people: when the run would wait, f is asked for each request in the order of their
// paths, and the run goes on. f gives the answer; an error with plan.CodePaused (ErrPaused) leaves the request open, and the run waits
// when no other is left; any other error ends the run, which can be resumed. f is not called by several goroutines at a time.
func Answers(f func(ctx context.Context, r Request) (any, error)) RunOption {
	return func(s *settings) { s.answers = f }
}

// settings gathers what holds for one run.
func (p *Plan[I, O]) settings(opts []RunOption) (s settings) {
	if p.job != nil {
		s.job = *p.job
	}
	if len(opts) > 0 {
		s = s.with(opts)
	}
	if s.job.ID == "" {
		s.job.ID = newID()
	}
	return s
}

// with is s with options. It stands apart because what an option is given a pointer to has to be allocated.
func (s settings) with(opts []RunOption) settings {
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	return s
}

// newID makes a run's id: 64 random bits, enough that two of a billion runs meet once in forty tries.
func newID() string {
	b := make([]byte, 0, 20)
	b = append(b, "run_"...)
	n := rand.Uint64() | 1<<63 // always sixteen digits
	return string(strconv.AppendUint(b, n, 16))
}
