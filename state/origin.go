package state

// Account tells how the changes of branches became one. It is what kinds note about a step under "merge".
type Account struct {
	// Strategy is the name of the strategy; "function" where a MergeFunc decided.
	Strategy string `json:"strategy"`
	// Keys are those that have another value than before, in order of their names, without the private ones.
	Keys []Origin `json:"keys"`
}

// Origin tells where the new value of a key comes from.
type Origin struct {
	Key string `json:"key"`
	// Branches are those that had a part in the value, in declared order: the one that won, or all whose changes were
	// joined. It is nil where a MergeFunc decided. Of more than MaxOrigins the first are named, and More counts the rest.
	Branches []string `json:"branches,omitempty"`
	More     int      `json:"more,omitzero"`
	// Reducer is what joined them: sum, max, min, append, union, or "function". It is empty where none did.
	Reducer string `json:"reducer,omitzero"`
}

// MaxOrigins is how many branches an Origin names.
const MaxOrigins = 20

// functionName stands for a function of the user's that merges or reduces.
const functionName = "function"

// byFunction says that what a merge did was a MergeFunc's doing.
func (a *Account) byFunction() {
	if len(a.Keys) == 0 {
		return
	}
	a.Strategy = functionName
	for i := range a.Keys {
		a.Keys[i].Branches = nil
	}
}

// origin collects what an Origin tells.
type origin struct {
	branches []string
	more     int
	reducer  string
}

// add takes the branch that changed the value last; alone: what others did before counts no more.
func (o *origin) add(branch string, alone bool) {
	switch {
	case alone && o.branches != nil:
		o.branches[0] = branch
	case len(o.branches) < MaxOrigins:
		o.branches = append(o.branches, branch)
	default:
		o.more++
	}
}

func (o *origin) of(key string) Origin {
	return Origin{Key: key, Branches: o.branches, More: o.more, Reducer: o.reducer}
}
