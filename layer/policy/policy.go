package policy

import "context"

// Policy decides whether a step may run, and on what. It is called by several goroutines when runs or branches overlap.
type Policy interface {
	// Decide gives the verdict on one execution of a step. An error denies it.
	Decide(ctx context.Context, a Action) (Verdict, error)
}

// Action is what a step is about to do.
type Action struct {
	// Run is the run's id, empty where it has none.
	Run string
	// Path is the step's path, with the numbers of the rounds it is in: polish[2]/score. Step and Kind are its name and kind;
	// those of a plugin's target, whose path is that of the step it stands for.
	Path, Step, Kind string
	// Asks says that the step asks a language model. Model is the name by which it finds that model, empty where it holds
	// one that has no name. Tools are the names of the tools that it shows to the model.
	Asks  bool
	Model string
	Tools []string
	// Input is what the step is given. It must not be modified; Replace gives another.
	Input any
}

// Verdict is what a policy decided. The zero value denies without a reason.
type Verdict struct {
	// Allow lets the step run.
	Allow bool
	// Reason says why not.
	Reason string
	// Replaced says that the step is to get Input in place of what it was given.
	Replaced bool
	Input    any
}

// Allow lets the step run on what it was given.
func Allow() Verdict { return Verdict{Allow: true} }

// Deny ends the run before the step has begun.
func Deny(reason string) Verdict { return Verdict{Reason: reason} }

// Replace lets the step run on another input, which must be of the type that the step takes.
func Replace(input any) Verdict { return Verdict{Allow: true, Replaced: true, Input: input} }

// Func makes a Policy of a function.
type Func func(ctx context.Context, a Action) (Verdict, error)

// Decide calls the function.
func (f Func) Decide(ctx context.Context, a Action) (Verdict, error) { return f(ctx, a) }
