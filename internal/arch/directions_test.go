package arch

// row says what the non-test files of some packages may import of this project. Tests may import what they like.
type row struct {
	// pkg is a package's folder, "." for the root package, or "x/*" for all packages below x (not x itself). Of the
	// rows that fit, the longest counts.
	pkg string
	// may lists packages in the same notation, parted by spaces. "..." is any package.
	may string
	// why is the reason, for whoever meets the rule.
	why string
}

// directions is who may import whom. A row names only what stands above it or in it, so there are no cycles, and whoever
// reads from the top meets nothing that was not said before. A new package needs a row of its own unless an x/* fits.
var directions = []row{
	// What extenders implement, and values.
	{"plan", "", "the contract of nodes, ops, layers and frames; everything else stands on it"},
	{"spec", "plan", "what a Spec struct is made of; child steps are plan steps"},
	{"state", "", "the run's values; knows no step and no engine"},
	{"usage", "plan", "tokens, money and budgets are plain numbers; a breach carries the code that plan gives it"},
	{"internal/*", "plan internal/*", "small shared machinery; knows no component"},
	{"internal/keep", "plan state", "what layers share that write to the state of a step which has failed"},

	// Components that are injected: each can be replaced, so none may lean on the rest of the house.
	{"codec", "", "turns values to bytes and back"},
	{"hash", "codec", "cache keys are hashes of encoded values"},
	{"cache", "plan state usage codec hash internal/*", "a backend holds results of steps: what they used is usage, and values are copied as state copies them"},
	{"cache/*", "cache plan state usage codec hash", "another backend behind the same interface"},
	{"pool", "internal/*", "object pools know nothing of what they hold"},
	{"journal", "plan state usage codec hash", "the durable record of a run; holds what steps, state and meters give"},
	{"journal/*", "journal plan state usage codec hash", "suites and stores for journals"},
	{"schema", "plan", "judges JSON values by a schema; knows neither who wrote them nor for whom"},
	{"model", "plan usage", "what an agent step asks of a language model; provider-free"},
	{"model/*", "model plan usage", "scripted models for tests"},
	{"telemetry", "plan usage internal/*", "spans and events speak of sites and usage"},
	{"telemetry/*", "telemetry plan usage internal/*", "recorders and batching"},

	// What a plan is made with.
	{"layer/*", "plan spec state usage codec hash cache pool journal model telemetry internal/*",
		"a policy knows itself and the components; no layer asks which other layers exist"},
	{"layer", "plan spec layer/*", "the one ordered list of layers"},
	{"pass/*", "plan spec state usage internal/*", "a pass rewrites the tree, it knows no layer and no engine"},
	{"pass", "plan pass/*", "the one ordered list of passes"},
	{"engine", "plan state usage journal telemetry", "an engine drives a plan; it never knows the root package"},
	{"engine/*", "engine plan state usage journal telemetry pool internal/*", "engines drive plans; they never know the root package"},
	{"plan/plantest", "plan spec state usage journal telemetry engine engine/*", "the suites that layers and passes pass; it runs them on an engine"},
	{"layer/layertest", "plan plan/plantest", "tests a layer by itself, with the errors that plantest knows"},

	// What a user types.
	{".", "plan spec state usage codec hash cache pool journal model telemetry layer layer/* pass pass/* engine engine/local internal/*",
		"the root package ties components, layers, passes and the engine together; it knows no kind"},
	{"engine/enginetest", ". plan spec state usage journal journal/* model model/* telemetry engine engine/* layer/*",
		"the suite every engine passes runs pipelines as users write them"},
	{"weirtest", ". plan spec state usage codec hash cache journal journal/* model model/* telemetry engine engine/* layer/* internal/*",
		"what users call in their tests; it knows no kind, so that every kind can be tested with it"},

	// Kinds. They run children through their frame and know no engine, layer, telemetry or other kind.
	{"step/*", ". plan spec state usage model journal", "a kind never resumes, records, meters, limits or recovers, and knows no other kind"},
	{"step/agent", ". plan spec state usage model journal schema", "a kind; what models answer is judged by a schema"},
	{"step/human", ". plan spec state usage model journal schema", "a kind; what people answer is judged by a schema"},
	{"step/kinds", "spec plan step/*", "the one list of kinds for blueprints"},
	{"step/steptest", ". plan plan/plantest spec state usage model model/* journal journal/* engine engine/* weirtest",
		"the suite that every kind passes; it may not know a kind"},

	// What stands on the whole.
	{"recovery", ". plan spec state usage model journal telemetry internal/*", "decides what to do about an error; injected through Config.Recovery"},
	{"monitor", ". plan usage telemetry internal/*", "statistics are made from what telemetry records"},
	{"govern", "plan usage cache pool telemetry layer/* monitor recovery internal/*", "moves numbers held by components; no run is decided here"},
	{"blueprint/internal/*", "plan spec", "small machinery of the loader and the expressions"},
	{"blueprint/expr", "plan spec state blueprint/internal/*", "the expression language; the only package that links CEL with blueprint"},
	{"blueprint/builtin", ". plan spec state usage model", "functions and tools that every blueprint may name"},
	{"blueprint/*", ". plan spec state usage model step/kinds blueprint/*", "parts of the loader; they do not know the whole"},
	{"blueprint", ". plan spec state usage model schema codec hash cache journal layer layer/* pass step/kinds step/agent step/call step/fallback blueprint/* internal/*",
		"YAML to Step; kinds come through step/kinds; agent, call and fallback are known because blueprints declare agents and imports, and fallback is a key that every step has"},
	{"bench", "...", "measures the whole"},
	{"bench/*", "...", "measures the whole"},
	{"stress", "...", "loads the whole"},
	{"stress/*", "...", "loads the whole"},
	{"examples", "...", "programs of users"},
	{"examples/*", "...", "programs of users"},

	// Modules of their own.
	{"provider", "plan usage model", "a provider is a model.Model and nothing more"},
	{"provider/*", "provider provider/* plan usage model model/*", "a provider is a model.Model and nothing more"},
	{"store", "plan state usage codec journal", "a store is a journal.Store and nothing more"},
	{"store/*", "store store/* plan state usage codec journal journal/*", "a store is a journal.Store and nothing more"},
	{"export", "plan usage telemetry monitor", "an exporter takes what telemetry gives"},
	{"export/*", "export export/* plan usage telemetry monitor", "an exporter takes what telemetry gives"},
	{"cmd/*", "...", "the program ties everything together"},
}

// outside is which packages may import modules of others; all the rest stay with the standard library.
var outside = []row{
	{"schema", "github.com/google/jsonschema-go", "schemas are inferred from Go types, JSON values are judged by them"},
	{"blueprint", "go.yaml.in/yaml github.com/google/jsonschema-go", "reads YAML; writes the JSON Schema of blueprints for editors, which is no schema that values are judged by"},
	{"blueprint/expr", "cel.dev/cel-go google.golang.org/protobuf", "expressions are CEL"},
	{"cache/otter", "github.com/maypok86/otter", "the W-TinyLFU cache"},
	{"provider", "...", "a module of its own, for the dependencies of model providers"},
	{"provider/*", "...", "a module of its own, for the dependencies of model providers"},
	{"store", "...", "a module of its own, for database drivers"},
	{"store/*", "...", "a module of its own, for database drivers"},
	{"export", "...", "a module of its own, for exporters"},
	{"export/*", "...", "a module of its own, for exporters"},
	{"cmd/*", "...", "a module of its own, for the command line"},
	{"bench/peers", "...", "a module of its own, for what weir is compared with"},
	{"bench/peers/*", "...", "a module of its own, for what weir is compared with"},
}
