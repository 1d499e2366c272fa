package blueprint

import (
	"slices"
	"strings"
)

// laterKinds are kinds that a later version has. The other names that they are read by stand beside them.
var laterKinds = []string{
	"router", "dynamic_router", "state_machine", "StateMachine", "tree_search", "agentic_loop",
	"granular", "call",
}

// laterKeys are keys that a later version reads, by the thing that they stand in. They are known, so that whoever writes one
// is not told to look for a typing error.
var laterKeys = map[string][]string{
	"blueprint": {"imports", "static_invariants", "tools"},
	"step": {
		"input_schema", "validate_fields", "processing", "use_history", "input_keys", "breaker",
	},
	"config": {"execution_mode"},
	"loop": {
		"init", "state", "propagation", "conversation", "history_management", "history_template", "ai_turn_source",
		"named_steps", "user_turn_sources", "initial_input_mapper", "iteration_input_mapper", "loop_output_mapper",
	},
	"map":                         {"init", "finalize", "batch", "as", "index"},
	"parallel":                    {"ignore_branch_names"},
	"retry":                       {"when"},
	"cache":                       {"scope"},
	"agent of the section agents": {"tools", "max_tool_rounds", "fallback_models", "base_url", "provider"},
}

// later says that a key is one that a later version reads where it stands.
func later(what, key string) bool {
	if kind, ok := strings.CutPrefix(what, "step of kind "); ok {
		return slices.Contains(laterKeys[stepKind], key) || slices.Contains(laterKeys[kind], key)
	}
	return slices.Contains(laterKeys[what], key)
}
