package conformance

// behaviour is one numbered behaviour.
type behaviour struct {
	number int
	// what it is about, in a few words.
	what string
	// decision is why weir does otherwise, or why no test of its own is needed; empty: it is held by tests.
	decision string
}

// section is a group of behaviours.
type section struct {
	name string
	list []behaviour
}

// later says of behaviours whose parts are not built yet.
const later = "Not built yet."

// sections are all behaviours, in order.
var sections = []section{
	{"Data model and construction", []behaviour{
		{1, "a step value is not called like a function", "The Go compiler refuses it: a Step is a struct. Do, Run, Execute and Start run one."},
		{2, "a step that asks a model gets two attempts by default", ""},
		{3, "scratchpad is refused as a sink and as a key", ""},
		{4, "a success always has a result", "Go returns (value, error): there is no outcome without a result to be unwrapped. A nil value is a legal success (B029)."},
		{5, "a failure without a result tells its error", "Go returns the error itself. StepResult.Feedback gives its text for a step that failed."},
		{6, "a pause is no failed result", ""},
		{7, "a background launch tells its task", later},
		{8, "an adapter needs its id and allowance", ""},
		{9, "negative limits are refused, 0 is a limit", ""},
		{10, "neighbours whose types do not meet are named", ""},
		{11, "an output that is a run's result counts its usage once", ""},
	}},
	{"Executor, injection, dispatch", []behaviour{
		{12, "the injected object is the one used", ""},
		{13, "sizes that make no sense are refused, absent ones have defaults", ""},
		{14, "a kind that is not known", "A kind is a node that builds its own op, so there is no registry in which one could be missing. In a blueprint an unknown kind is an error with its place and the nearest name (blueprint/testdata/error)."},
		{15, "a kind can be replaced", "It is replaced by its name, with Config.Kinds, for the whole plan: Go has no subtypes to look for."},
		{16, "a step without a model is an error, not a result", ""},
		{17, "a limiter bounds the leaf work", ""},
		{18, "limits do not deadlock nested steps", ""},
		{19, "a panic is a failure of its step", ""},
		{20, "telemetry, hooks and meters that fail change nothing", ""},
		{21, "a policy denies before the model is asked, or replaces the input", ""},
	}},
	{"Agent steps: order, retries, processors", []behaviour{
		{22, "a later attempt succeeds", ""}, {23, "all attempts fail", ""}, {24, "a timeout holds for each attempt", ""},
		{25, "a prompt processor runs once a step", ""}, {26, "a prompt processor that fails ends the step", ""}, {27, "output processors run in order", ""},
		{28, "an output processor that fails is retried", ""}, {29, "nil is a legal output", ""}, {30, "a function without input", ""},
		{31, "settings that are not set are not sent", ""}, {32, "an attempt does not see what a failed one wrote", ""}, {33, "a failed step leaves no state", ""},
		{34, "a resource is entered and left once an attempt", ""}, {35, "a resource is left when the step pauses", ""}, {36, "a missing price is not retried", ""},
		{37, "sink_to turns text into a number where one stands", ""}, {38, "updates_context takes what is declared, all or nothing", ""},
		{39, "updates_context merges maps", ""}, {40, "feedback of a failed step is kept where it was asked for", ""},
	}},
	{"Plugins, validators, validation steps", []behaviour{
		{41, "priorities run downwards", ""}, {42, "equal priorities run as registered", ""}, {43, "a plugin fails without feedback", ""}, {44, "a plugin's failure is retried", ""},
		{45, "a plugin's failure falls back after the attempts", ""}, {46, "a redirect comes before success and failure", ""}, {47, "a redirect loop ends the run", ""},
		{48, "a redirect has its own timer", ""}, {49, "the first failure stops the others", ""}, {50, "a validator's failure is not retried and keeps the output", ""},
		{51, "a validator that fails itself counts as invalid", ""}, {52, "a fallback answers an invalid output", ""}, {53, "a strict validation step tells all failures", ""},
		{54, "a lenient one keeps the output", ""}, {55, "validators judge what plugins replaced", ""}, {56, "validation results are kept where it was asked for", ""},
	}},
	{"Fallback", []behaviour{
		{57, "attempts add up", ""}, {58, "the result tells who ran", ""}, {59, "diagnostics of the primary are kept on request", ""}, {60, "both failures are told", ""}, {61, "chains", ""},
		{62, "a cycle is a failure", ""}, {63, "depth is bounded", ""}, {64, "a breach of the budget does not fall back", ""}, {65, "a fallback that pauses pauses the run", ""},
		{66, "a fallback gets the original input", ""}, {67, "tokens of all attempts add up", ""}, {68, "a fallback's result is cached", ""},
	}},
	{"Parallel", []behaviour{
		{69, "outputs in declared order", ""}, {70, "no branches", ""}, {71, "a failed branch disturbs no other", ""}, {72, "failures can be ignored", ""}, {73, "no_merge", ""}, {74, "overwrite", ""},
		{75, "two different changes are a conflict", ""}, {76, "a field mapping decides", ""}, {77, "error_on_conflict", ""}, {78, "keep_first", ""}, {79, "a merge function", ""}, {80, "merge_scratchpad is refused", ""},
		{81, "branches that see some keys", ""}, {82, "good branches are merged though another failed", ""}, {83, "usage of failed branches counts", ""}, {84, "a breach cancels the siblings", ""}, {85, "a breach is not ignored", ""},
		{86, "a waiting branch disturbs no other", ""}, {87, "a budget is split over branches", ""}, {88, "no state", ""}, {89, "reducers", ""}, {90, "majority vote", ""}, {91, "cancellation ends all branches", ""},
	}},
	{"Router and conditional", []behaviour{
		{92, "a router runs what was chosen", later}, {93, "a router's answer that is no list", later}, {94, "a router that fails", later}, {95, "a router without branches", later},
		{96, "one branch, the condition asked once", ""}, {97, "no branch for a key", ""}, {98, "boolean keys", ""}, {99, "a condition that fails", ""}, {100, "a failed branch leaves no state", ""}, {101, "a branch of several steps", ""},
		{102, "mappers of a branch", ""}, {103, "an empty branch", ""},
	}},
	{"Loop, map, refine", []behaviour{
		{104, "until", ""}, {105, "the maximum is a failure", ""}, {106, "a maximum below 1 is refused", ""}, {107, "an initial mapper that fails", ""}, {108, "the iteration mapper sees the round", ""}, {109, "an exit condition that fails", ""},
		{110, "state goes from round to round", ""}, {111, "a failed body ends the loop", ""}, {112, "a breach in a round", ""}, {113, "the output mapper", ""}, {114, "an empty body", ""}, {115, "nested loops", ""}, {116, "nothing is cached in a loop", ""},
		{117, "map", ""}, {118, "map in overlapping runs", ""}, {119, "refine", ""},
	}},
	{"Human input, import, state machine", []behaviour{
		{120, "a pause, the answer, the rest", ""}, {121, "an answer that does not fit", ""}, {122, "two questions", ""}, {123, "a question in a loop", ""}, {124, "sink_to of an answer", ""},
		{125, "a failing import", later}, {126, "outputs of an import", later}, {127, "inputs of a call", later}, {128, "an end state", later}, {129, "a start that is an end", later}, {130, "the first rule wins", later}, {131, "an unknown state", later},
	}},
	{"Cache, usage, hooks, run", []behaviour{
		{132, "a hit", ""}, {133, "what is in the key", ""}, {134, "failures are not cached", ""}, {135, "the least recently used goes", ""}, {136, "time to live", ""}, {137, "hits are copies", ""}, {138, "a broken backend", ""}, {139, "single flight", ""},
		{140, "reservations under concurrency", ""}, {141, "reconciliation", ""}, {142, "equal is allowed, above is a breach", ""}, {143, "a limit of 0", ""}, {144, "text without metrics is one token", ""}, {145, "the order of hooks", ""}, {146, "failing and aborting hooks", ""}, {147, "an abort after the run hides nothing", ""},
		{148, "cancellation during a run", ""}, {149, "a run with the same id goes on", ""},
		{150, "a stored position beyond the end", "There is no stored position: a run is resumed by the records of its steps. A journal with a gap, of a later format, or of another pipeline is refused (journal, TestARunIsNotResumedByAnotherPipeline)."},
		{151, "background steps", later},
	}},
	{"Optimisation components", []behaviour{
		{152, "switching optimisations changes no answer", ""}, {153, "pools", ""}, {154, "copies of state are independent", ""}, {155, "circuit breaker", later}, {156, "pauses pass a breaker", later}, {157, "backoff", ""}, {158, "a full telemetry buffer", later},
		{159, "adaptive limits", later}, {160, "priorities", later}, {161, "percentiles", later}, {162, "degradation", later}, {163, "an invalid change of configuration", later},
	}},
}
