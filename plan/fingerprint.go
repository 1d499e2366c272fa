package plan

import (
	"fmt"
	"strings"
)

// Fingerprinter is implemented by nodes and layers whose settings decide what a step answers: a model's name, a prompt, a
// schema. Two steps with the same fingerprint are taken for the same step by whoever keeps results beyond a run.
//
// A node that does not implement it is known by its kind and its children, a function by the name of its step. A layer that
// does not is known by its name; one that gives an empty text cannot change an answer and does not count.
type Fingerprinter interface {
	// Fingerprint describes the settings. It is the same in every process and holds no secrets.
	Fingerprint() string
}

// Fingerprint describes a written step with its layers and all that stands below it.
func Fingerprint(s *Step) string {
	var b strings.Builder
	describe(&b, s, "", 0)
	return b.String()
}

func describe(b *strings.Builder, s *Step, label string, depth int) {
	if s == nil || s.Node == nil || depth > MaxDepth {
		return // Build reports it
	}
	fmt.Fprintf(b, "%d %q %q %q %q %q", depth, label, s.Name, s.Node.Kind(), typeName(s.In), typeName(s.Out))
	if f, ok := s.Node.(Fingerprinter); ok {
		fmt.Fprintf(b, " %q", f.Fingerprint())
	}
	for _, l := range s.Layers {
		if l == nil {
			continue
		}
		settings := ""
		if f, ok := l.(Fingerprinter); ok {
			if settings = f.Fingerprint(); settings == "" {
				continue
			}
		}
		fmt.Fprintf(b, " %s=%q", l.Name(), settings)
	}
	b.WriteByte('\n')
	for _, c := range s.Node.Children() {
		describe(b, c.Step, c.Label, depth+1)
	}
}
