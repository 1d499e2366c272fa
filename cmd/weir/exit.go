package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/blueprint"
)

// The exit codes of weir; they are stable.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRead        = 3
	exitCheck       = 4
	exitPaused      = 5
	exitBudget      = 6
	exitRegression  = 7
	exitInterrupted = 130
	exitTerminated  = 143
)

// usageError is a wrong flag or argument that the parser could not see.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func wrongUsage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// shown is an error that the command has told the user already.
type shown struct{ error }

func (s shown) Unwrap() error { return s.error }

// compileError is a pipeline that reads and does not compile.
type compileError struct{ error }

func (e *compileError) Unwrap() error { return e.error }

// mistakes lists what is wrong with a pipeline, for JSON; never nil.
func mistakes(err error) []*blueprint.Error {
	if list, ok := errors.AsType[blueprint.Errors](err); ok {
		return list
	}
	if one, ok := errors.AsType[*blueprint.Error](err); ok {
		return []*blueprint.Error{one}
	}
	if c, ok := errors.AsType[*compileError](err); ok {
		return []*blueprint.Error{{Text: c.Error(), Stage: blueprint.Check}}
	}
	return []*blueprint.Error{}
}

// signaled is the cause of a run that a signal ended.
type signaled struct{ signal os.Signal }

func (s *signaled) Error() string { return s.signal.String() + " signal" }

// exitCode tells the user what went wrong, if nobody did yet, and gives the code.
func exitCode(t terminal, err error) int {
	if err == nil {
		return exitDone
	}
	if _, told := errors.AsType[shown](err); !told {
		fmt.Fprintln(t.err, mend(err))
	}
	return codeOf(err)
}

// codeOf is the exit code of an error.
func codeOf(err error) int {
	if s, ok := errors.AsType[*signaled](err); ok {
		if s.signal == os.Interrupt {
			return exitInterrupted
		}
		return exitTerminated
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if list := mistakes(err); len(list) > 0 {
		if blueprint.StageOf(blueprint.Errors(list)) == blueprint.Read {
			return exitRead
		}
		return exitCheck
	}
	if _, ok := errors.AsType[*regressed](err); ok {
		return exitRegression
	}
	switch {
	case errors.Is(err, weir.ErrPaused):
		return exitPaused
	case errors.Is(err, weir.ErrBudget), errors.Is(err, weir.ErrDuration):
		return exitBudget
	case errors.Is(err, weir.ErrCanceled):
		return exitInterrupted
	}
	return exitFailed
}

// mend puts the program's name before an error that lacks it.
func mend(err error) string {
	text := err.Error()
	if len(text) >= 5 && text[:5] == "weir:" {
		return text
	}
	return "weir: " + text
}
