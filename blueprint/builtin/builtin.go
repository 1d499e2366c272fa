package builtin

import (
	"context"
	"os"

	"github.com/weirflow/weir/spec"
)

// Call is what a built-in does once it is built: the step's input in, its output out. It is safe for use by several
// goroutines, ends when its context does, and never leaves a goroutine behind.
type Call = func(ctx context.Context, in any) (any, error)

// Function is a built-in as it is written: a pointer to a struct with tagged fields.
type Function interface {
	// Build checks the fields against what the runner allows and makes the call. The error joins one KeyError for every
	// mistake. The call keeps nothing that a later change of the struct would alter.
	Build(env Env) (Call, error)
}

// Builtin is one entry of the list.
type Builtin struct {
	// Name is the word after `uses:`.
	Name string
	// Doc says in one sentence what it does, from which input to which output.
	Doc string
	// New makes an empty function. A field that is left at zero has the default that its doc tag says.
	New func() Function
}

// All lists the built-ins in alphabetical order. The slice is the caller's.
func All() []Builtin {
	return []Builtin{
		{"aggregate", "Groups a list of maps and computes metrics per group: a list of maps, or one map when by is not given.", newFunction[Aggregate]},
		{"from_json", "Reads JSON text into a value.", newFunction[FromJSON]},
		{"http", "Sends one HTTP request and gives a map of status, headers and body; an answer that is not 2xx is a failure.", newFunction[HTTP]},
		{"parse", "Reads one line of text into a map.", newFunction[Parse]},
		{"passthrough", "Gives its input as its output.", newFunction[Passthrough]},
		{"read_lines", "Reads a text file into a list of its lines, without their line ends.", newFunction[ReadLines]},
		{"select", "Filters, sorts, cuts and reshapes a list of maps, or keeps some fields of one map.", newFunction[Select]},
		{"template", "Renders a text with placeholders into text.", newFunction[Template]},
		{"to_csv", "Writes a list of maps as CSV text with a header line.", newFunction[ToCSV]},
		{"to_json", "Writes its input as JSON text with sorted keys.", newFunction[ToJSON]},
		{"write_file", "Writes text, or any value as JSON, to a file under the allowed folder and gives a map of path and bytes.", newFunction[WriteFile]},
	}
}

// newFunction makes an empty T behind its pointer.
func newFunction[T any, P interface {
	*T
	Function
}]() Function {
	return P(new(T))
}

// Env is what the runner allows and provides. The zero value allows no writing, no private addresses and no template files.
type Env struct {
	// Root is the folder that write_file may write in, opened and closed by the runner. Nil: write_file is a mistake.
	Root *os.Root
	// Dir is the folder that relative paths of read_lines start from, and the only one that template files are read from.
	// Empty: the process's working directory for read_lines, no template files.
	Dir string
	// AllowPrivate lets http reach loopback, private, link-local and other addresses that are not public.
	AllowPrivate bool
	// Template compiles a text with placeholders, as the blueprint does for every other value. Nil: no template files.
	Template func(source string) (spec.Value, error)
	// Limits are the most that a pipeline may ask for.
	Limits Limits
}

// Limits are ceilings that keys may lower and not raise. A field that is zero has the default beside it.
type Limits struct {
	// FileBytes is the size of a file that is read or written. Default 256 MiB.
	FileBytes int64
	// BodyBytes is the size of an HTTP answer after decompression. Default 64 MiB.
	BodyBytes int64
	// Groups is the number of groups of one aggregate. Default 1,000,000.
	Groups int
}

// The ceilings that hold where Limits has zero, and the one on lines, which nothing raises.
const (
	fileBytes = 256 << 20
	bodyBytes = 64 << 20
	groups    = 1_000_000
	lineBytes = 1 << 20
)

// withDefaults fills in what is zero.
func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = fileBytes
	}
	if l.BodyBytes <= 0 {
		l.BodyBytes = bodyBytes
	}
	if l.Groups <= 0 {
		l.Groups = groups
	}
	return l
}
