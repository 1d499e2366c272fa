package conditional

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/weirflow/weir/plan"
)

// choice is what a condition came to.
type choice struct {
	branch int // none: no branch has the key
	key    any
}

// none is the branch of a key that no branch has.
const none = -1

// table finds branches by key.
type table[K comparable] struct {
	at    map[K]int
	boxed []any // the keys as any, made once
}

func newTable[K comparable](n int) *table[K] { return &table[K]{at: make(map[K]int, n)} }

// add takes in the next branch's key and gives its label.
func (t *table[K]) add(key K) (label string, err error) {
	if v := reflect.ValueOf(key); v.IsValid() && !v.Comparable() {
		return "", plan.Errorf(plan.CodeConfig, "a %T cannot be a key, since two of them cannot be compared", key)
	}
	if _, taken := t.at[key]; taken {
		return "", plan.Errorf(plan.CodeConfig, "two cases have the key %.100q; leave one out", fmt.Sprint(key))
	}
	t.at[key] = len(t.boxed)
	t.boxed = append(t.boxed, key)
	return fmt.Sprint(key), nil
}

// find gives the branch of a key.
func (t *table[K]) find(key K) choice {
	if i, ok := t.at[key]; ok {
		return choice{i, t.boxed[i]}
	}
	var boxed any = key
	if b, ok := boxed.(bool); ok {
		if text, ok := any(strconv.FormatBool(b)).(K); ok { // only when K is an interface
			if i, ok := t.at[text]; ok {
				return choice{i, boxed}
			}
		}
	}
	return choice{none, boxed}
}
