// Package builtin holds the functions that a blueprint can use without any Go being written: read_lines, parse, select,
// aggregate, template, http, write_file and a few small ones, by name after `uses:`.
//
// Each is a struct whose fields carry `weir:"key"` and `doc:"sentence"`, so that the blueprint decodes into it, and a method
// Build that checks it and gives the function. All is the one list of them.
//
// Values are those of JSON: nil, bool, int64, float64, string, []any and map[string]any. Lists are also taken as []string and
// []map[string]any, numbers as any Go number or json.Number; what comes out is always of the first row, so that a value read
// back from a journal is the value that was written. Inputs are never changed; an output may share parts with its input.
//
// A dotted name such as request.path means the value at that place in nested maps.
package builtin
