package hook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/weirflow/weir/plan"
)

// Grace is how long the context of hooks lasts that are told of a run after its end.
const Grace = 30 * time.Second

// Set are the hooks of a plan, sorted by what they are told. It is immutable and safe for use by several goroutines.
type Set struct {
	begin  []PreRun
	end    []PostRun
	pause  []OnPause
	steps  *layer
	strict bool
	log    *slog.Logger
}

// New sorts hooks, in the order in which they are to be told. With strict a hook that fails fails the step or the run. A nil
// logger logs nothing. A value that is nil or no hook is a mistake; all of them are in the error, joined.
func New(hooks []Hook, strict bool, log *slog.Logger) (*Set, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Set{steps: &layer{strict: strict}, strict: strict, log: log}
	var mistakes []error
	for i, h := range hooks {
		runs := s.add(h)
		if steps := s.steps.add(h); !runs && !steps {
			mistakes = append(mistakes, plan.Errorf(plan.CodeConfig, "weir: compile: hooks[%d]: %s", i, useless(h)))
		}
	}
	return s, errors.Join(mistakes...)
}

// useless says why a value is no hook.
func useless(h Hook) string {
	if h == nil {
		return "the hook is nil; leave it out"
	}
	return fmt.Sprintf("%T is no hook: it has none of the methods PreRun, PostRun, PreStep, PostStep, OnStepFailure and OnPause", h)
}

// add takes in what a hook is told of runs, and says whether that is anything.
func (s *Set) add(h Hook) bool {
	begin, first := h.(PreRun)
	if first {
		s.begin = append(s.begin, begin)
	}
	end, last := h.(PostRun)
	if last {
		s.end = append(s.end, end)
	}
	pause, waits := h.(OnPause)
	if waits {
		s.pause = append(s.pause, pause)
	}
	return first || last || waits
}

// Layer is what tells the hooks of a step that it stands round; nil when none of them is told of steps.
func (s *Set) Layer() plan.Layer {
	if s.steps.empty() {
		return nil
	}
	return s.steps
}

// Runs says that a hook is told of runs.
func (s *Set) Runs() bool { return len(s.begin)+len(s.end)+len(s.pause) > 0 }

// Begin tells that a run begins. With an error it is not to be run.
func (s *Set) Begin(ctx context.Context, r Run) error {
	warning, err := tell(preRun, s.begin, s.strict, func(h PreRun) error { return h.PreRun(ctx, r) })
	s.warn(ctx, r.ID, warning)
	return err
}

// End tells that a run has ended or paused, and gives the run's error: its own if there is one, else that of a strict hook.
func (s *Set) End(ctx context.Context, r RunEnd) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Grace)
	defer cancel()
	if r.Status == plan.Paused {
		s.ended(ctx, onPause, &r, func() (string, error) {
			return tell(onPause, s.pause, s.strict, func(h OnPause) error { return h.OnPause(ctx, r) })
		})
	}
	return s.ended(ctx, postRun, &r, func() (string, error) {
		return tell(postRun, s.end, s.strict, func(h PostRun) error { return h.PostRun(ctx, r) })
	})
}

// ended gives the run's error after hooks were told of its end. They cannot abort it any more.
func (s *Set) ended(ctx context.Context, e event, r *RunEnd, told func() (string, error)) error {
	warning, err := told()
	s.warn(ctx, r.ID, warning)
	switch {
	case err == nil:
	case r.Err == nil && plan.CodeOf(err) != plan.CodeAborted:
		return err
	default:
		s.warn(ctx, r.ID, string(e)+": the run had ended: "+err.Error())
	}
	return r.Err
}

// warn logs what hooks did wrong.
func (s *Set) warn(ctx context.Context, run, warning string) {
	if warning != "" {
		s.log.WarnContext(ctx, "weir: a hook failed", "run", run, "error", warning)
	}
}
