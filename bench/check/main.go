// Command check measures the targets and the references of package bench and compares them with bench/baseline.json, in about ten seconds. It
// fails when a workload allocates more than it did (bench.Compare says by how much it may); times are printed and fail nothing, since the
// machine may be another.
//
//	go run ./bench/check            compare
//	go run ./bench/check -update    write the baseline anew
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/weirflow/weir/bench"
)

func main() {
	path := flag.String("baseline", "bench/baseline.json", "the report to compare with")
	update := flag.Bool("update", false, "write what was measured to the baseline")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := check(ctx, os.Stdout, *path, *update)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// check measures and compares, or replaces what is compared with.
func check(ctx context.Context, out io.Writer, path string, update bool) error {
	suite, err := bench.New(&bench.Config{
		Sections: []bench.Section{bench.Targets, bench.References}, Rounds: 9, Budget: 30 * time.Second,
	})
	if err != nil {
		return err
	}
	now, err := suite.Run(ctx)
	if err != nil {
		return err
	}
	if len(now.Skipped) > 0 {
		return fmt.Errorf("bench: no time was left for %v; the machine is too busy to tell anything", now.Skipped)
	}
	if update {
		return now.Save(path)
	}
	was, err := bench.Load(path)
	if err != nil {
		return err
	}
	if err := lacking(was, now); err != nil {
		return err
	}
	table(out, was, now)
	return verdict(out, was, now)
}

// lacking is an error when something was measured that the baseline does not have: it would never be compared.
func lacking(was, now *bench.Report) error {
	known := map[string]bool{}
	for _, t := range was.Targets {
		known["target "+t.Name] = true
	}
	for _, f := range was.Reference {
		known["reference "+f.Workload] = true
	}
	var missing []string
	for _, t := range now.Targets {
		if !known["target "+t.Name] {
			missing = append(missing, t.Name)
		}
	}
	for _, f := range now.Reference {
		if !known["reference "+f.Workload] {
			missing = append(missing, f.Workload)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("bench: the baseline has no %s: go run ./bench/check -update", strings.Join(missing, ", "))
	}
	return nil
}

// table prints every figure beside the one of the baseline.
func table(out io.Writer, was, now *bench.Report) {
	const line = "%-18s %11s %11s %13s %13s %22s\n"
	fmt.Fprintf(out, line, "workload", "allocs", "was", "bytes", "was", "time (was)")
	number := func(v float64) string { return fmt.Sprintf("%.1f", v) }
	for _, t := range now.Targets {
		for _, o := range was.Targets {
			if o.Name == t.Name {
				fmt.Fprintf(out, line, t.Name, number(t.Allocs), number(o.Allocs), number(t.Bytes), number(o.Bytes),
					fmt.Sprintf("%+.1f %% (%+.1f %%)", 100*t.Improvement, 100*o.Improvement))
			}
		}
	}
	for _, f := range now.Reference {
		for _, o := range was.Reference {
			if o.Workload == f.Workload {
				fmt.Fprintf(out, line, f.Workload, number(f.Allocs), number(o.Allocs), number(f.Bytes), number(o.Bytes),
					fmt.Sprintf("%.2f x (%.2f x)", f.Ratio, o.Ratio))
			}
		}
	}
}

// verdict prints the regressions, and is an error when one is of what is counted.
func verdict(out io.Writer, was, now *bench.Report) error {
	worse := 0
	for _, r := range bench.Compare(was, now, 0) {
		if r.Metric.Counted() {
			worse++
			fmt.Fprintln(out, "MORE:", r)
			continue
		}
		fmt.Fprintln(out, "slower, which fails nothing here:", r)
	}
	if worse > 0 {
		return fmt.Errorf("bench: %d figures allocate more than the baseline says; where that is meant: go run ./bench/check -update", worse)
	}
	return nil
}
