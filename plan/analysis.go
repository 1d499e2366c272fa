package plan

// Analysis is what is known of a step before it runs (the seed's StepAnalysis). It is made once, at compile.
type Analysis struct {
	// NeedsState says that the step itself reads or writes run state by declaration (sink_to, updates_context, an
	// expression over context). A function may use state without saying so.
	NeedsState bool
	// HasProcessors, HasValidators and HasPlugins say which of these layers stand round the step.
	HasProcessors, HasValidators, HasPlugins bool
	// Cacheable says that the result may be cached: no plugin, no validator, not a loop.
	Cacheable bool
	// Leaf says that the step has no children: it does the work itself.
	Leaf bool
	// Model says that the step asks a language model; ModelName is that model, as provider:name or as the step calls it, empty where
	// that is not known. Tools are the names of the tools that it shows to the model.
	Model     bool
	ModelName string
	Tools     []string
	// HearsChecks says that a layer of the step wants to be told what checks said, passed ones included, be it checks of this
	// step or of one below it. Checks that nobody wants to hear of tell only their failures.
	HearsChecks bool
	// Waits says that the step waits for somebody and does no work meanwhile: it holds no permit.
	Waits bool
	// Whole says that nobody may see a part of the output before the whole is there: the step, or a layer round it, changes it,
	// keeps it or may give another one instead. Such a step does not stream.
	Whole bool
	// Text says that the output of the step itself is text, so that what it streams is the beginning of that text.
	Text bool
	// Complexity is 1 for a simple step, 2 for other kinds, 3 for parallel and conditional, 4 for loop, map and router, and
	// one more each for processors, validators and plugins, two for a fallback (spec/core.md §10.2).
	Complexity int
	// Memory is the estimated memory of one execution, in bytes: 1, 4, 16 or 64 KiB by complexity (≤2, ≤4, ≤6, more).
	Memory int64
	// Signature is In -> Out in Go's spelling.
	Signature string
}

// Analyser is implemented by nodes and layers that know something about the step they belong to.
type Analyser interface {
	// Analyse adds what it knows.
	Analyse(*Analysis)
}

// analyse finds out what is known of a step.
func analyse(s *Step) Analysis {
	a := Analysis{Complexity: 2, Cacheable: true, Signature: typeName(s.In) + " -> " + typeName(s.Out)}
	if s.Node != nil {
		a.Leaf = len(s.Node.Children()) == 0
		a.Complexity = kindComplexity(s.Node.Kind(), a.Leaf)
		if n, ok := s.Node.(Analyser); ok {
			n.Analyse(&a)
		}
	}
	for _, l := range s.Layers {
		if n, ok := l.(Analyser); ok {
			n.Analyse(&a)
		}
	}
	for _, has := range []bool{a.HasProcessors, a.HasValidators, a.HasPlugins} {
		if has {
			a.Complexity++
		}
	}
	if a.HasPlugins || a.HasValidators {
		a.Cacheable = false
	}
	a.Memory = memoryOf(a.Complexity)
	return a
}

// kindComplexity is the table of spec/core.md §10.2. A kind with a view of its own implements Analyser.
func kindComplexity(kind string, leaf bool) int {
	switch kind {
	case "parallel", "conditional":
		return 3
	case "loop", "map", "router":
		return 4
	case "fallback":
		return 3 // a simple step, and two for the fallback
	}
	if leaf {
		return 1
	}
	return 2
}

func memoryOf(complexity int) int64 {
	switch {
	case complexity <= 2:
		return 1 << 10
	case complexity <= 4:
		return 4 << 10
	case complexity <= 6:
		return 16 << 10
	}
	return 64 << 10
}
