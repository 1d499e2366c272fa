package bench

import (
	"fmt"
	"io"
)

// DefaultThreshold is how much worse a figure must be to be a regression: 10 %.
const DefaultThreshold = 0.10

// Regression is a figure that is worse than it was.
type Regression struct {
	Section  Section `json:"section"`
	Workload string  `json:"workload"`
	// Metric is what got worse: "ratio", "improvement", "allocs", "bytes", "gain" or "hit_rate".
	Metric string  `json:"metric"`
	Old    float64 `json:"old"`
	New    float64 `json:"new"`
	// Change is the worsening as a fraction of the old figure; where that was zero, 1.
	Change float64 `json:"change"`
}

// String is one line for people.
func (r Regression) String() string {
	return fmt.Sprintf("%s %s: %s was %.4g, is %.4g (%.0f %% worse)", r.Section, r.Workload, r.Metric, r.Old, r.New, 100*r.Change)
}

// Compare gives what is worse in the newer report by more than threshold (a fraction; 0 means DefaultThreshold), in the order of the report.
// Times are compared as ratios against what ran beside them, never as nanoseconds, so reports of different machines can be compared; a ratio
// is a regression only if the intervals of the two reports do not overlap, where both have one. Allocations count from half a one on,
// bytes from 64 on. What stands in one report only is no regression.
func Compare(older, newer *Report, threshold float64) []Regression { return nil }

// Load reads a report that Save wrote. It refuses files over 16 MiB.
func Load(path string) (*Report, error) { return nil, nil }

// Save writes the report as indented JSON.
func (r *Report) Save(path string) error { return nil }

// Read reads a report's JSON.
func Read(from io.Reader) (*Report, error) { return nil, nil }
