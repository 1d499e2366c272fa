package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tools allows steps that show no other tools to their model than those named. No names: it allows steps without tools only.
func Tools(names ...string) Policy {
	allowed := slices.Clone(names)
	return Func(func(_ context.Context, a Action) (Verdict, error) {
		var others []string
		for _, tool := range a.Tools {
			if !slices.Contains(allowed, tool) {
				others = append(others, tool)
			}
		}
		switch {
		case len(others) == 0:
			return Allow(), nil
		case len(allowed) == 0:
			return Deny(fmt.Sprintf("no tools are allowed, and it has %s", strings.Join(others, ", "))), nil
		}
		return Deny(fmt.Sprintf("it has the tools %s; allowed are %s", strings.Join(others, ", "), strings.Join(allowed, ", "))), nil
	})
}

// Chain asks policies in turn, each about the input that the ones before it left; the first that denies decides. A nil Policy
// among them denies. No policies: it allows.
func Chain(ps ...Policy) Policy {
	chained := slices.Clone(ps)
	return Func(func(ctx context.Context, a Action) (Verdict, error) {
		all := Allow()
		for _, p := range chained {
			if p == nil {
				return Verdict{}, errors.New("a policy of the chain is nil")
			}
			v, err := p.Decide(ctx, a)
			if err != nil || !v.Allow {
				return v, err
			}
			if v.Replaced {
				all, a.Input = v, v.Input
			}
		}
		return all, nil
	})
}
