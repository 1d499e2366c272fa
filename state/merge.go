package state

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Branch is one branch to merge, as it ended.
type Branch struct {
	Name    string
	Changes Changes
}

// MergeOption is a Strategy, a MergeFunc, a Mapping or an Include.
type MergeOption interface{ set(*merging) }

// Mapping gives for branches the keys that count; from a branch it does not name all do.
type Mapping map[string][]string

// Include gives the keys that count, from all branches; nil means all.
type Include []string

// MergeFunc merges in its own way: it may write to target, a branch of the real one, and reads the
// branches through Changes.After. Every branch has Changes, also one that wrote nothing. If it returns
// nil, what it wrote replaces the target's keys; if it fails, the target is unchanged and Merge
// returns the error. Mapping and Include do not apply to it.
type MergeFunc func(target *Scope, branches []Branch) error

func (s Strategy) set(m *merging)  { m.strategy = s }
func (f MergeFunc) set(m *merging) { m.custom = f }
func (g Mapping) set(m *merging)   { m.mapping = g }
func (g Include) set(m *merging)   { m.include = g }

// Report is what a merge did.
type Report struct {
	// Changed is true if the target has another value for any key than before.
	Changed bool
	// Keys are the names of those keys, sorted, without the private ones.
	Keys []string
	// Account tells where the values of Keys come from; it has no keys where nothing changed.
	Account Account
	// Conflicts are why the merge failed: the same as in its *ConflictError.
	Conflicts []Conflict
}

// Merge applies the changes of branches to into, in the order given, as one change: all or, on an
// error, none. If into was written since a branch was forked, that counts as the change of an earlier
// branch named "parent". A nil into is left alone.
//
// It fails with *ConflictError, which has every conflict, or with what a reducer or MergeFunc
// returned. Its cost grows with what the branches wrote, not with what they hold (in plain mode: with
// what they hold).
func Merge(into *Scope, branches []Branch, opts ...MergeOption) (Report, error) {
	if into == nil || !wrote(branches) && !slices.ContainsFunc(opts, isFunc) {
		return Report{}, nil
	}
	into.views.check()
	m := &merging{branches: branches}
	for _, o := range opts {
		o.set(m)
	}
	switch {
	case m.custom != nil:
		return m.call(into)
	case !m.strategy.known():
		return Report{}, fmt.Errorf("state: %v is not a merge strategy", m.strategy)
	case m.strategy == NoMerge:
		return Report{}, nil
	}
	for {
		now := into.now.Load()
		next, report, err := m.apply(now)
		if err != nil || !report.Changed {
			return report, err
		}
		if into.now.CompareAndSwap(now, next) {
			into.forget(next, nil)
			return report, nil
		}
	}
}

// merging is one call of Merge.
type merging struct {
	branches []Branch
	strategy Strategy
	custom   MergeFunc
	mapping  Mapping
	include  Include
}

func wrote(branches []Branch) bool {
	return slices.ContainsFunc(branches, func(b Branch) bool { return b.Changes != Changes{} })
}

func isFunc(o MergeOption) bool {
	_, ok := o.(MergeFunc)
	return ok
}

// call lets a MergeFunc work on a branch of the target.
func (m *merging) call(into *Scope) (Report, error) {
	var target Scope
	into.Fork(&target)
	branches := slices.Clone(m.branches)
	for i, b := range branches {
		if b.Changes == (Changes{}) {
			branches[i].Changes = Changes{target.base, target.origin, target.base}
		}
	}
	if err := m.custom(&target, branches); err != nil {
		return Report{}, fmt.Errorf("state: merge function: %w", err)
	}
	report, err := Merge(into, []Branch{{Name: functionName, Changes: target.Changes()}}, Overwrite)
	report.Account.byFunction()
	return report, err
}

// contribution is what one branch did to one key.
type contribution struct {
	branch   *Branch
	was, is  *entry
	forkedOf *entry // what the parent had at the fork: was, unless the branch could not see the key
}

// apply returns now with all changes, and what they were.
func (m *merging) apply(now *version) (*version, Report, error) {
	var report Report
	var failed []error
	var origins []Origin
	changed := m.collect(now)
	next, whole := now, m.whole(now)
	if whole {
		next = m.branches[0].Changes.next
	}
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		key := joining{strategy: m.rule(name), key: keyOf(now, changed[name])}
		before := now.named(name)
		after, err := key.join(before, changed[name])
		if err != nil {
			failed = append(failed, fmt.Errorf("state: reducer of key %q: %w", name, err))
		}
		report.Conflicts = append(report.Conflicts, key.conflicts...)
		if sameEntry(before, after) {
			continue
		}
		if !whole {
			next = next.with(key.key, after)
		}
		report.Changed = true
		if !private(name) {
			if report.Keys == nil {
				report.Keys, origins = make([]string, 0, len(changed)), make([]Origin, 0, len(changed))
			}
			report.Keys, origins = append(report.Keys, name), append(origins, key.from.of(name))
		}
	}
	if origins != nil {
		report.Account = Account{Strategy: m.strategy.String(), Keys: origins}
	}
	if len(report.Conflicts) > 0 {
		failed = append(failed, &ConflictError{Conflicts: report.Conflicts})
	}
	if failed != nil {
		return nil, Report{Conflicts: report.Conflicts}, errors.Join(failed...)
	}
	return next, report, nil
}

// whole reports whether a single branch, with which nothing competes, is the result as it is.
func (m *merging) whole(now *version) bool {
	return len(m.branches) == 1 && m.branches[0].Changes.base == now && m.mapping == nil && m.include == nil && (m.strategy == ContextUpdate || m.strategy == Overwrite)
}

// collect returns what the branches did to each key that counts, in their order.
func (m *merging) collect(now *version) map[string][]contribution {
	changed := make(map[string][]contribution)
	for i := range m.branches {
		b := &m.branches[i]
		if b.Changes.next == now {
			continue // merged into itself
		}
		b.Changes.each(func(was, is *entry) {
			d := either(is, was).key
			if m.counts(b.Name, d.name) {
				changed[d.name] = append(changed[d.name], contribution{b, was, is, b.Changes.origin.get(d)})
			}
		})
	}
	return changed
}

// rule is the strategy for a key. Private keys are the engine's bookkeeping, not what users merge: the last branch that
// wrote one counts.
func (m *merging) rule(key string) Strategy {
	if private(key) {
		return Overwrite
	}
	return m.strategy
}

// counts reports whether a key of a branch takes part.
func (m *merging) counts(branch, key string) bool {
	if m.include != nil && !slices.Contains(m.include, key) {
		return false
	}
	keys, ok := m.mapping[branch]
	return !ok || private(key) || slices.Contains(keys, key)
}

// keyOf returns the declaration that rules a merge: the first that has a reducer, else the run's.
func keyOf(now *version, cs []contribution) *declaration {
	d := either(cs[0].is, cs[0].was).key
	if run := now.declared(d.name); run != nil {
		d = run
	}
	if d.reduce != nil {
		return d
	}
	for _, c := range cs {
		if key := either(c.is, c.was).key; key.reduce != nil {
			return key
		}
	}
	return d
}

func either(a, b *entry) *entry {
	if a != nil {
		return a
	}
	return b
}
