package state

// joining merges the changes of one key.
type joining struct {
	strategy  Strategy
	key       *declaration
	start     *entry         // what the target had
	earlier   []contribution // merged so far
	branch    string         // whose change is being merged
	path      []string       // where in the value, from the key
	open      []pair         // the maps round that place, against values that hold themselves
	conflicts []Conflict
	from      origin
}

// slot is a place that may hold a value. The slot of an unset key holds the key's default: that is
// what changes of it began with.
type slot struct {
	value any
	set   bool
}

// places are the four values that decide what happens at a place: at the fork as the branch saw it,
// at the fork as the parent had it, in the target as merged so far, and in the branch.
type places struct{ base, origin, now, next slot }

// join returns the entry that the key has after all changes, given the target's.
func (j *joining) join(now *entry, cs []contribution) (*entry, error) {
	j.start, j.path = now, []string{j.key.name}
	for _, c := range cs {
		j.branch = c.branch.Name
		next, err := j.add(now, c)
		if err != nil {
			return nil, err
		}
		if next != now {
			j.from.add(c.branch.Name, j.strategy == Overwrite)
		}
		now = next
		j.earlier = append(j.earlier, c)
	}
	return now, nil
}

// add returns the entry after one more change.
func (j *joining) add(now *entry, c contribution) (*entry, error) {
	if j.strategy == Overwrite || j.strategy == ContextUpdate && sameEntry(now, c.was) {
		return c.is, nil
	}
	at := places{j.slot(c.was), j.slot(c.forkedOf), j.slot(now), j.slot(c.is)}
	if j.strategy == ContextUpdate && j.key.reduce != nil && at.now.set && at.next.set {
		j.from.reducer = j.key.reducer
		value, err := j.key.reduce(j.copy(at.base), j.copy(at.now), j.copy(at.next))
		return j.key.entry(value), err
	}
	result, changed := j.place(at)
	switch {
	case !changed:
		return now, nil
	case !result.set:
		return nil, nil
	case c.is != nil && j.same(result, at.next):
		return c.is, nil
	}
	return j.key.entry(result.value), nil
}

func (j *joining) slot(e *entry) slot {
	switch {
	case e != nil:
		return slot{e.value, true}
	case j.key.def != nil:
		return slot{j.key.def.value, false}
	}
	return slot{}
}

func (j *joining) copy(s slot) any {
	if j.key.shares(s.value) {
		return s.value
	}
	return clone(&j.key.facts, s.value)
}

func (j *joining) same(a, b slot) bool {
	return a.set == b.set && (!a.set || equal(&j.key.facts, a.value, b.value))
}

// place merges the change of one place and reports whether the target's value is another afterwards.
func (j *joining) place(at places) (slot, bool) {
	if j.same(at.base, at.next) {
		return at.now, false
	}
	if j.strategy == ContextUpdate && j.same(at.now, at.base) {
		return at.next, true
	}
	if at.now.set && at.next.set {
		if result, changed, ok := j.fields(at); ok {
			return result, changed
		}
	}
	return j.leaf(at)
}
