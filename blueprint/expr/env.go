package expr

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/weirflow/weir/spec"
)

// The names that a run itself gives to expressions, beside those of package spec.
const (
	// VarContext is the run's state.
	VarContext = "context"
	// VarSteps are the earlier steps.
	VarSteps = "steps"
	// VarInput is what the pipeline was given.
	VarInput = "input"
)

// names are all names that an expression may use, in the order in which they are listed for people.
var names = [...]string{
	spec.VarPrevious, spec.VarOutput, VarContext, VarSteps, VarInput, spec.VarItem, spec.VarIndex, spec.VarIteration,
}

// environment declares the names and functions, and the limits of what may be written.
func environment() (*cel.Env, error) {
	step := cel.MapType(cel.StringType, cel.DynType)
	opts := []cel.EnvOption{
		cel.Variable(spec.VarPrevious, cel.DynType),
		cel.Variable(spec.VarOutput, cel.DynType),
		cel.Variable(VarContext, cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable(VarSteps, cel.MapType(cel.StringType, step)),
		cel.Variable(VarInput, cel.DynType),
		cel.Variable(spec.VarItem, cel.DynType),
		cel.Variable(spec.VarIndex, cel.IntType),
		cel.Variable(spec.VarIteration, cel.IntType),
		cel.CustomTypeAdapter(adapter{}),
		cel.CrossTypeNumericComparisons(true),
		cel.EnableIdentifierEscapeSyntax(),
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(SourceLimit),
		cel.ParserRecursionLimit(depthLimit),
	}
	env, err := cel.NewEnv(append(opts, functions()...)...)
	if err != nil {
		return nil, fmt.Errorf("expr: %w", err)
	}
	return env, nil
}

// limits are the options that every program is made with.
func limits() []cel.ProgramOption {
	size := types.NewSizeCalculator(types.SizeCalculatorMaxDepth(2*depthLimit), types.SizeCalculatorMaxTraversal(2*BuildLimit))
	return []cel.ProgramOption{
		cel.CostLimit(CostLimit),
		cel.CostTracking(pricing{}),
		cel.InterruptCheckFrequency(interruptEvery),
		cel.MemoryLimit(BuildLimit),
		cel.MemoryTracking(types.MemoryTrackerSizeCalculator(size), types.MemoryTrackerSampleInterval(interruptEvery)),
		cel.EvalOptions(cel.OptOptimize),
	}
}
