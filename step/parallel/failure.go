package parallel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// failed is a branch that failed.
type failed struct {
	index int
	err   error
}

// failures are the branches that failed, in declared order; nil where none did.
func failures(branches []plan.Branch) []failed {
	var list []failed
	for i := range branches {
		if err := branches[i].Err; err != nil {
			list = append(list, failed{i, err})
		}
	}
	return list
}

// ignores says that these failures of a step with so many branches do not matter: another branch succeeded, and all of them
// may be swallowed.
func (o *op) ignores(list []failed, branches int) bool {
	if o.need > 0 {
		return branches-len(list) >= o.need
	}
	return o.ignore && len(list) < branches && !slices.ContainsFunc(list, func(b failed) bool { return plan.Final(b.err) })
}

// failure is the step's error: that of the one branch which failed, or one that lists them all. A branch that was only
// stopped because of another has no part in it. The merge may have failed too.
func (o *op) failure(list []failed, merge error) error {
	causes := slices.DeleteFunc(slices.Clone(list), func(b failed) bool { return plan.CodeOf(b.err) == plan.CodeCanceled })
	if len(causes) == 0 {
		causes = list
	}
	if len(causes) == 1 && merge == nil {
		return o.placed(causes[0])
	}
	errs := make([]error, 0, len(causes)+1)
	for _, b := range causes {
		errs = append(errs, o.placed(b))
	}
	if merge != nil {
		errs = append(errs, merge)
	}
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = strings.TrimPrefix(err.Error(), "weir: ")
	}
	return &plan.Error{
		Code: plan.CodeOf(errs[0]), Err: errors.Join(errs...),
		Text: fmt.Sprintf("%d of %d branches failed: %s", len(causes), len(o.names), strings.Join(texts, "; ")),
	}
}

// placed names the branch where its error does not do so by itself.
func (o *op) placed(b failed) error {
	if _, ok := errors.AsType[*plan.StepError](b.err); ok {
		return b.err
	}
	return plan.Errorf(plan.CodeOf(b.err), "branch %q: %w", o.names[b.index], b.err)
}

// feedback says in words how a step that succeeded went.
func (o *op) feedback(list []failed) any {
	switch {
	case o.need > 0:
		return o.enough(list)
	case len(list) == 0:
		return o.allWell
	}
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = o.names[b.index]
	}
	return fmt.Sprintf("The step completed with %d branch failures (ignored): %s", len(list), strings.Join(names, ", "))
}

// enough says which branches won.
func (o *op) enough(lost []failed) string {
	var names []string
	for i, name := range o.names {
		if !slices.ContainsFunc(lost, func(b failed) bool { return b.index == i }) {
			names = append(names, name)
		}
	}
	return fmt.Sprintf("The step ended with the first %d of %d branches that succeeded: %s", len(names), len(o.names), strings.Join(names, ", "))
}

// executed are the names of the branches that began.
func (o *op) executed(branches []plan.Branch) any {
	skipped := func(b plan.Branch) bool { return b.Err == plan.ErrSkipped }
	if !slices.ContainsFunc(branches, skipped) {
		return o.allRan
	}
	ran := make([]string, 0, len(branches))
	for i, b := range branches {
		if !skipped(b) {
			ran = append(ran, o.names[i])
		}
	}
	return ran
}
