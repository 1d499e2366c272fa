package weir

import (
	"maps"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// StepResult is what became of one written step in a run, over all its executions: a step in a loop of three rounds has one
// StepResult with Count 3. It is a small view on the run's record; its methods compute what they return.
type StepResult struct {
	site *plan.Site
	of   *history
}

// steps are the results of the sites from lo to hi that stand highest and were reached, in room if there is enough.
func (h *history) steps(room []StepResult, lo, hi int) []StepResult {
	n := 0
	for i := lo; i < hi; i = h.sites[i].End {
		n++
	}
	if n == 0 {
		return nil
	}
	list := room
	if n > cap(room) {
		list = make([]StepResult, 0, n)
	}
	for i := lo; i < hi; i = h.sites[i].End {
		s := StepResult{site: h.sites[i], of: h}
		if s.reached() {
			list = append(list, s)
		}
	}
	return list
}

// reached says that the step, or one below it, was begun.
func (s StepResult) reached() bool {
	end := s.site.Index + 1
	if s.site.Derived {
		end = s.site.End
	}
	for _, r := range s.of.outcome.Records[s.site.Index:end] {
		if r.Status != plan.NotRun {
			return true
		}
	}
	return false
}

// record is the step's own, or for a sequence without layers the sum of those of its steps.
func (s StepResult) record() plan.Record {
	if !s.site.Derived {
		return s.of.outcome.Records[s.site.Index]
	}
	var sum plan.Record
	for i := s.site.Index + 1; i < s.site.End; i = s.of.sites[i].End {
		r := StepResult{site: s.of.sites[i], of: s.of}.record()
		if r.Status == plan.NotRun {
			continue
		}
		first := sum.Status == plan.NotRun
		if first {
			sum.Start, sum.Count = r.Start, r.Count
		}
		sum.Busy += r.Busy
		sum.Retries += r.Retries
		sum.Failures = max(sum.Failures, r.Failures)
		sum.Status = r.Status
	}
	return sum
}

// detail is what the run kept beyond the record; never nil.
func (s StepResult) detail() *engine.Detail {
	if d := s.of.outcome.Details[s.site.Index]; d != nil {
		return d
	}
	return &engine.Detail{}
}

// Path is the step's path as written: polish/score.
func (s StepResult) Path() string { return s.site.Path }

// Name is the step's name.
func (s StepResult) Name() string { return s.site.Name }

// Kind is the step's kind.
func (s StepResult) Kind() string { return s.site.Kind }

// Ran is the name of the step that did the work: of the alternate when a fallback used it, else Name.
func (s StepResult) Ran() string {
	if ran, ok := s.Note("ran").(string); ok {
		return ran
	}
	return s.site.Name
}

// Status is how the last execution ended.
func (s StepResult) Status() Status { return s.record().Status }

// Success says that the last execution returned a value.
func (s StepResult) Success() bool { return s.Status() == Completed }

// Count is how many executions ended, Failures how many of those failed.
func (s StepResult) Count() int { return int(s.record().Count) }

// Failures is how many executions failed.
func (s StepResult) Failures() int { return int(s.record().Failures) }

// Attempts is how many attempts were made over all executions. A kind that counts rounds or tries by itself says so in the note
// "attempts", which stands before the count.
func (s StepResult) Attempts() int { return s.attempts(s.record()) }

func (s StepResult) attempts(r plan.Record) int {
	if n, ok := s.Note("attempts").(int); ok {
		return n
	}
	n := int(r.Count + r.Retries)
	if n > 0 && s.Note("exit_reason") == usage.Denied {
		n-- // the one that was refused was not made
	}
	return n
}

// Started is when the step first began, since the run began.
func (s StepResult) Started() time.Duration {
	return time.Duration(s.record().Start - s.of.outcome.Begun)
}

// Elapsed is the time of all executions together.
func (s StepResult) Elapsed() time.Duration { return time.Duration(s.record().Busy) }

// Usage is what the step and everything below it used, failed attempts included.
func (s StepResult) Usage() usage.Usage {
	var sum usage.Usage
	for i := s.site.Index; i < s.site.End; i++ {
		if d := s.of.outcome.Details[i]; d != nil {
			sum = sum.Add(d.Usage)
		}
	}
	return sum
}

// Err is the last failure, nil when no execution failed. First is the first one.
func (s StepResult) Err() error { return s.detail().Last }

// First is the first failure, nil when no execution failed.
func (s StepResult) First() error { return s.detail().First }

// Feedback is the text of the failure when the step did not succeed, else what it noted under "feedback", else "".
func (s StepResult) Feedback() string {
	if err := s.Err(); err != nil && !s.Success() {
		return err.Error()
	}
	text, _ := s.Note("feedback").(string)
	return text
}

// Output is what the step returned beside its last failure, such as an output that did not pass its checks. The outputs of
// steps that succeeded are not kept.
func (s StepResult) Output() any { return s.detail().Output }

// Note is a fact that the step noted, by the key of the contract: exit_reason, iterations, executed_branch_key,
// fallback_triggered … It is nil when there is none.
func (s StepResult) Note(key string) any { return s.detail().Notes[key] }

// Metadata are all facts that the step noted. The map is made when it is first asked for and may be nil.
func (s StepResult) Metadata() map[string]any {
	notes := s.detail().Notes
	if _, ok := notes[nestedNote]; ok { // they are in Steps
		notes = maps.Clone(notes)
		delete(notes, nestedNote)
	}
	return notes
}

// Steps are the steps below this one that were reached; of a function that returned the Result of a run, the steps of that
// run, whose paths are those of its own plan.
func (s StepResult) Steps() []StepResult {
	steps := s.of.steps(nil, s.site.Index+1, s.site.End)
	if more, ok := s.Note(nestedNote).([]StepResult); ok {
		steps = append(steps, more...)
	}
	return steps
}

// Step finds the step with this path, as written, anywhere in the run; ok is false when it was not reached.
func (r *Result[O]) Step(path string) (s StepResult, ok bool) {
	for _, site := range r.history.sites {
		if site.Path == path {
			s = StepResult{site: site, of: &r.history}
			return s, s.Status() != NotRun
		}
	}
	return s, false
}
