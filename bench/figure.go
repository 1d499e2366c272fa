package bench

import "context"

// figure is one thing to measure: it adds what it finds to a report.
type figure struct {
	// workload is what it measures, for Config.Workloads.
	workload string
	// what is how Progress and Skipped name it.
	what    string
	measure func(ctx context.Context, o Options, r *Report) error
}

// figure makes the figure of a section's workload.
func (s Section) figure(workload, what string, measure func(context.Context, Options, *Report) error) figure {
	return figure{workload: workload, what: string(s) + ": " + what, measure: measure}
}
