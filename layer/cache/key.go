package cache

import (
	"context"
	"fmt"
	"maps"
)

// key gives what a result is found by.
func (c *cached) key(ctx context.Context, in any) (key string, err error) {
	defer caught(&err)
	if c.by != nil {
		if in, err = c.by(ctx, in); err != nil {
			return "", err
		}
	} else {
		in = steady(in)
	}
	return c.keyOf(in)
}

// caught turns a panic of code that only helps to save work into an error.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v", p)
	}
}

// steady leaves out the entries of a map that change although nothing did (spec/core.md §6.1).
func steady(in any) any {
	m, ok := in.(map[string]any)
	if !ok {
		return in
	}
	copied := false
	for _, name := range [...]string{"processing_history", "cache_timestamps", "cache_keys", "current_operation", "operation_count"} {
		if _, there := m[name]; !there {
			continue
		}
		if !copied {
			m, copied = maps.Clone(m), true
		}
		delete(m, name)
	}
	return m
}
