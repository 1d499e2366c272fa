package plan

import (
	"context"
	"time"
)

// Op is what a step compiles to. It is safe for use by several goroutines and runs: what belongs to one execution lives in
// the context, the frame and local variables. An op that fails may return a value beside its error; it is kept for
// inspection and never flows on.
type Op func(ctx context.Context, f Frame, in any) (any, error)

// Inst is one step of a Block.
type Inst struct {
	Op   Op
	Site *Site
}

// Block is a compiled flat sequence of steps: the unit that a frame runs. The output of each is the input of the next, passed on
// as it is: inside the block it may be a cell (see Typed). An empty block returns its input. Immutable.
type Block struct {
	Steps []Inst
	// Lo and Hi bound the numbers of the sites that the block and everything below it write records for: Lo ≤ n < Hi.
	Lo, Hi int
	// Depth is how many numbers a path inside the block can need below the block's own place.
	Depth int
}

// Frame is one strand of a run as its engine offers it to ops: a sequence of steps in one goroutine.
// A frame belongs to that goroutine and must not be kept after the op returned.
type Frame interface {
	// Do runs a child in this strand and returns what it returned. Under an Indexed node index is the round's number,
	// from 0; elsewhere it is -1. A failure is a *StepError with the path of the step that failed.
	Do(ctx context.Context, child *Block, index int, in any) (any, error)
	// Fork runs branches at the same time and returns when all have ended. Ordinary failures are left in the branches;
	// the error is one that no handler may swallow (see Final), or nil.
	Fork(ctx context.Context, g *Group) error
	// Each runs one block for many items, Width at a time, and returns when all that were started have ended. The error
	// is one that no handler may swallow, or nil.
	Each(ctx context.Context, it *Items) error
	// Try runs an op as one attempt: a panic becomes an error, and the state it wrote is dropped when it fails.
	Try(ctx context.Context, op Op, in any) (any, error)
	// Retried says that the step at this site failed with err and that another attempt follows after the wait.
	Retried(at *Site, attempt int, err error, wait time.Duration)
	// Note keeps a fact about the step for its result, under a key of the contract such as "exit_reason". The last value
	// of a key wins, but a []string, such as "warnings", is added to the one that is there. It costs nothing but the call
	// when nobody asked for the record.
	Note(at *Site, key string, value any)
	// Progress says how far a step of many parts has come. Total is negative where it is not known.
	Progress(at *Site, done, total int)
	// Path gives the path of a site in this strand, with the numbers of the rounds it is in. It allocates.
	Path(at *Site) string
	// Key names this execution of a site among all of the run: its path, with the attempt of each step round it that was
	// retried (polish~2[3]/score). A run that is resumed comes to the same keys. It allocates.
	Key(at *Site) string
	// Facts gives what is known of the execution of a site that goes on now; Restore says that it went on before, in an
	// earlier part of the run, and what was known then. They are for the layer that records.
	Facts(at *Site) Facts
	Restore(at *Site, f Facts)
	// Chunks gives what takes the parts of a step's output while they are made, or nil where nobody waits for them: then
	// the step need not make parts. It gives nil for a site that does not stream (Site.Streams), in a run whose events nobody
	// takes in parts, and as soon as the run has told a part: what an execution says is told once, so that another attempt
	// does not begin it anew. The function may be called by one goroutine at a time, until the op returns. It may wait for whoever
	// takes the parts, but no longer than the run goes on.
	Chunks(at *Site) func(text string)
	// RunID is the run's id.
	RunID() string
}

// CacheHit is the key of the fact that a step's result was found in a cache, true, or was asked for there and not found, false.
const CacheHit = "cache_hit"

// Facts are what is known of one execution of a step beside its value, its error and its usage.
type Facts struct {
	// Attempts is how many attempts were made, at least 1.
	Attempts int
	// Elapsed is how long it took.
	Elapsed time.Duration
	// Notes are what was noted about the step, by key; nil: nothing. They are shared: do not modify them.
	Notes map[string]any
}

// Group is a set of branches that run at the same time. The caller fills it, the engine runs it, the caller reads it.
type Group struct {
	// Branches in declared order.
	Branches []Branch
	// Width is how many may run at once. 0 or less: all.
	Width int
	// Enter is called in the branch's goroutine before the branch runs; an error is the branch's. Nil: nothing to do.
	Enter func(ctx context.Context, i int) error
	// Stop is called, one call at a time, when a branch has ended; true cancels the branches that still run. Nil: never.
	Stop func(i int, err error) bool
}

// Branch is one branch of a Group.
type Branch struct {
	// Block and In are what the branch runs and on what.
	Block *Block
	In    any
	// Out and Err are how it ended. A branch that was cancelled by Stop before it began has ErrSkipped.
	Out any
	Err error
	// Ctx is the branch's own context, set by the engine; the branch's state is reached through it after the join.
	Ctx context.Context
}

// Items is one block to run for many items. Memory grows with Width, not with N.
type Items struct {
	// N is how many items there are.
	N int
	// Width is how many run at once. 0 or less: one.
	Width int
	Block *Block
	// In gives item i. It is called in the goroutine that runs the item.
	In func(i int) any
	// Done takes what became of item i, in the goroutine that ran it, so calls for different items may overlap. The
	// context is the item's; its state is gone when Done returns. True cancels what still runs.
	Done func(ctx context.Context, i int, out any, err error) (stop bool)
}
