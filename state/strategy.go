package state

import (
	"errors"
	"fmt"
	"strings"
)

// Strategy says what Merge makes of the changes of several branches. All work on changes alone: what a
// branch did not write has no say.
type Strategy uint8

// The strategies. A leaf is a value that is not a map with text keys; such maps are merged leaf by leaf.
const (
	// ContextUpdate is the default: every change counts, measured against the fork point. A leaf that
	// was changed twice to different values is a conflict, unless its key has a reducer, or it is a list
	// to which both only added: then the additions are joined. The same change twice counts once.
	ContextUpdate Strategy = iota
	// NoMerge leaves the target alone.
	NoMerge
	// Overwrite lets the last branch in declared order that wrote a key win the whole key.
	Overwrite
	// ErrorOnConflict is the strict one: a leaf of the target, or of an earlier branch, that is set and
	// not nil may not be changed at all.
	ErrorOnConflict
	// KeepFirst lets the first that set a leaf win, the target before all branches. nil counts as not set.
	KeepFirst
)

var strategyNames = [...]string{
	ContextUpdate:   "context_update",
	NoMerge:         "no_merge",
	Overwrite:       "overwrite",
	ErrorOnConflict: "error_on_conflict",
	KeepFirst:       "keep_first",
}

// String returns the name that ParseStrategy reads.
func (s Strategy) String() string {
	if !s.known() {
		return fmt.Sprintf("Strategy(%d)", uint8(s))
	}
	return strategyNames[s]
}

func (s Strategy) known() bool { return int(s) < len(strategyNames) }

// ParseStrategy reads the name of a strategy as blueprints write it. The empty text is ContextUpdate.
func ParseStrategy(text string) (Strategy, error) {
	switch text {
	case "":
		return ContextUpdate, nil
	case "merge_scratchpad":
		return 0, errors.New("state: merge strategy merge_scratchpad does not exist, for there is no scratchpad: give each value a key of its own and use context_update")
	}
	for s, name := range strategyNames {
		if text == name {
			return Strategy(s), nil
		}
	}
	return 0, fmt.Errorf("state: unknown merge strategy %q: use one of %s", text, strings.Join(strategyNames[:], ", "))
}

// MarshalText writes the name.
func (s Strategy) MarshalText() ([]byte, error) {
	if !s.known() {
		return nil, fmt.Errorf("state: %v is not a merge strategy", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText is ParseStrategy.
func (s *Strategy) UnmarshalText(text []byte) error {
	parsed, err := ParseStrategy(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}
