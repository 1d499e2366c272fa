package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// validateCommand checks a pipeline: everything that run finds before the first step.
type validateCommand struct {
	source
	JSON bool `help:"Print JSON: {is_valid, path, errors}."`
}

// Run checks it.
func (c *validateCommand) Run(t terminal) error {
	l, err := c.load(nil, usage.Limits{})
	if c.JSON {
		if err == nil {
			l.close()
		}
		return c.json(t, err)
	}
	if err != nil {
		return err
	}
	defer l.close()
	_, err = fmt.Fprintf(t.out, "%s is valid: %s\n", c.File, plural(countSteps(l.plan.Program().Sites), "step"))
	return err
}

// countSteps counts what was written as a step: the sequences that hold the steps of a branch are none.
func countSteps(sites []*plan.Site) int {
	n := 0
	for _, s := range sites {
		if !s.Derived {
			n++
		}
	}
	return n
}

// json prints the finding for a script; the exit code is that of the error.
func (c *validateCommand) json(t terminal, err error) error {
	report := struct {
		Valid  bool               `json:"is_valid"`
		Path   string             `json:"path"`
		Errors []*blueprint.Error `json:"errors"`
	}{Valid: err == nil, Path: c.File, Errors: mistakes(err)}
	if werr := json.NewEncoder(t.out).Encode(report); werr != nil {
		return errors.Join(err, werr)
	}
	if err != nil {
		return shown{err}
	}
	return nil
}
