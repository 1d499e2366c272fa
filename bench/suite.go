package bench

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/weirflow/weir"
)

// Suite measures what its Config asks for. It may be run several times, one after the other: two at once would measure each other.
type Suite struct {
	config  Config
	figures []figure
}

// New makes a suite; it measures nothing yet. The error names every section, workload and optimisation that does not exist, and every
// number that makes no sense.
func New(c *Config) (*Suite, error) {
	s := &Suite{}
	if c != nil {
		s.config = *c
	}
	if err := s.config.mistakes(); err != nil {
		return nil, err
	}
	s.config.complete()
	for _, section := range Sections() {
		if slices.Contains(s.config.Sections, section) {
			s.figures = append(s.figures, s.config.figures(section)...)
		}
	}
	return s, nil
}

// moreRounds is how many times the rounds a figure may take where they differ much and there is time.
const moreRounds = 4

// Run measures. With an error, of the context or of a workload, it returns what was measured until then. A workload that fails, or gives
// another answer than the right one, is an error: its figures would mean nothing.
func (s *Suite) Run(ctx context.Context) (*Report, error) {
	begin := time.Now()
	r := &Report{Machine: machine(), Without: os.Getenv(weir.WithoutEnv), Targets: []Target{}, Ablation: []Ablation{}, Reference: []Figure{}}
	// A context that can end, as every server's can: one that cannot is cheaper to look at.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i, f := range s.figures {
		if err := ctx.Err(); err != nil {
			return r, context.Cause(ctx)
		}
		left := s.config.Budget - time.Since(begin)
		if left <= 0 {
			r.Skipped = append(r.Skipped, f.what)
			continue
		}
		s.tell(i, f.what, begin)
		o := Options{Rounds: s.config.Rounds, Most: moreRounds * s.config.Rounds, Window: s.config.Window, Limit: left / time.Duration(len(s.figures)-i)}
		if err := f.measure(ctx, o, r); err != nil {
			return r, err
		}
		r.Seconds = time.Since(begin).Seconds()
	}
	s.tell(len(s.figures), "", begin)
	return r, nil
}

// tell reports progress.
func (s *Suite) tell(done int, what string, begin time.Time) {
	if s.config.Progress != nil {
		s.config.Progress(Progress{Done: done, Total: len(s.figures), What: what, Elapsed: time.Since(begin)})
	}
}
