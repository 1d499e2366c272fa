package bench

import (
	"context"
	"fmt"
)

// reference is a workload beside plain code that does the same.
type reference struct {
	workload Workload
	plain    func(ctx context.Context) (*work, error)
}

// references are those of docs/benchmarks.md that are pairs of the same work.
func references() []reference {
	plainly := func(f func(context.Context) func(int) error) func(context.Context) (*work, error) {
		return func(ctx context.Context) (*work, error) { return &work{run: f(ctx)}, nil }
	}
	loops := func(n int) func(context.Context) (*work, error) {
		return plainly(func(ctx context.Context) func(int) error { return calls(ctx, n) })
	}
	own := func(ctx context.Context) (*work, error) { return seq10().setup(ctx, nil) }
	return []reference{
		{seq10(), loops(10)},
		{seq10s(), loops(10)},
		{par8(), plainly(groups)},
		{loop100(), loops(100)},
		// That all cores run plans is compared with one that does: what they share is what it costs.
		{seq10Crowd(), own},
		// What is recorded is compared with a run of which nothing is.
		{told("telemetry", &tally{}), own},
		{told("events", &eventCount{}), own},
	}
}

// parkedRuns is the name of the reference that compares memory.
const parkedRuns = "inflight"

// referenceFigures measure the references.
func referenceFigures() []figure {
	var list []figure
	for _, f := range references() {
		list = append(list, References.figure(f.workload.name, f.workload.name, f.measure))
	}
	return append(list, References.figure(parkedRuns, parkedRuns, measureInflight))
}

// measure runs both in turn, under a context that can be cancelled, as a server's is.
func (f reference) measure(ctx context.Context, o Options, r *Report) error {
	ours, err := f.workload.setup(ctx, nil)
	if err != nil {
		return fmt.Errorf("bench: %s: %w", f.workload.name, err)
	}
	defer ours.end()
	ref, err := f.plain(ctx)
	if err != nil {
		return fmt.Errorf("bench: %s: %w", f.workload.name, err)
	}
	defer ref.end()
	p, err := Pair(ctx, ours.run, ref.run, o)
	if err != nil {
		return fmt.Errorf("bench: %s: %w", f.workload.name, err)
	}
	i := p.CPURatio()
	r.Reference = append(r.Reference, Figure{
		Workload: f.workload.name, Ns: p.A.CPU, RefNs: p.B.CPU, Ratio: i.Median, Low: i.Low, High: i.High,
		Allocs: p.A.Allocs, Bytes: p.A.Bytes, RefBytes: p.B.Bytes,
	})
	return nil
}

// measureInflight compares the memory of runs that are blocked with that of goroutines that are, three times: what the process did before can
// lie about in the first.
func measureInflight(ctx context.Context, _ Options, r *Report) error {
	var bytes, plain, ratios []float64
	f := Figure{Workload: parkedRuns}
	for range 3 {
		ours, ref, goroutines, err := inflight(ctx, flight)
		if err != nil {
			return fmt.Errorf("bench: %s: %w", parkedRuns, err)
		}
		bytes, plain, ratios = append(bytes, ours), append(plain, ref), append(ratios, ratio(ours, ref))
		f.Goroutines = goroutines
	}
	i := finite(medianInterval(ratios, confidence), ratios)
	f.Ratio, f.Low, f.High = i.Median, i.Low, i.High
	f.Bytes, f.RefBytes = Summarise(bytes).P50, Summarise(plain).P50
	r.Reference = append(r.Reference, f)
	return nil
}
