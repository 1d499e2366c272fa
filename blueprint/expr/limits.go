package expr

const (
	// CostLimit is how much one evaluation may cost, in CEL's units: about one a variable read or operation, one for ten bytes
	// of text made. A condition over a few fields costs about ten, all(x, …) over 20,000 entries 120,000. A million is
	// 0.1 to 1 s on one core of 2026 (TestRunawayExpressionsAreStopped prints it), so that a runaway expression is a step's
	// failure and not an outage.
	CostLimit = 1_000_000
	// BuildLimit is how many elements the values may hold that an evaluation builds; ten bytes of text are one element.
	// What it only reads does not count.
	BuildLimit = 1_000_000
	// OutputLimit is how many bytes of text a template or toJSON may make: as many as a step may return.
	OutputLimit = 16 << 20
	// SourceLimit is how long an expression may be, in characters.
	SourceLimit = 64 << 10
	// depthLimit bounds the nesting of expressions, and of values that are turned into JSON.
	depthLimit = 100
	// interruptEvery is after how many steps of a list macro the context is looked at.
	interruptEvery = 100
)
