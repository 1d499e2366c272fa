package main

import (
	"errors"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// described is an error for JSON.
func described(err error) *problem {
	p := &problem{Text: err.Error(), Code: plan.CodeOf(err)}
	if s, ok := errors.AsType[*weir.StepError](err); ok {
		p.Path = s.Path
	}
	return p
}
