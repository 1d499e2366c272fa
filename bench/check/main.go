// Command check measures the targets, the references and the parts of package bench and compares them with bench/baseline.json, in half a minute. It
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
		Sections: []bench.Section{bench.Targets, bench.References, bench.Components}, Rounds: 5, Budget: 30 * time.Second,
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

// row is a figure of a report: what is counted of it, and its time as a ratio or an improvement.
type row struct {
	name                string
	allocs, bytes, time float64
	unit                string
}

// rows are the figures of a report in its order, those of a target's parts each by itself.
func rows(r *bench.Report) []row {
	var list []row
	for _, t := range r.Targets {
		if len(t.Parts) == 0 {
			list = append(list, row{t.Name, t.Allocs, t.Bytes, 100 * t.Improvement, "%"})
		}
		for _, p := range t.Parts {
			list = append(list, row{t.Name + " " + p.Name, 0, p.Optimised, 100 * p.Improvement, "%"})
		}
	}
	for _, f := range r.Reference {
		list = append(list, row{"reference " + f.Workload, f.Allocs, f.Bytes, f.Ratio, "x"})
	}
	for _, c := range r.Components {
		list = append(list, row{"part " + c.Workload, c.On.Allocs, c.On.Bytes, c.Ratio, "x"})
	}
	return list
}

// lacking is an error when something was measured that the baseline does not have: it would never be compared.
func lacking(was, now *bench.Report) error {
	known := map[string]bool{}
	for _, r := range rows(was) {
		known[r.name] = true
	}
	var missing []string
	for _, r := range rows(now) {
		if !known[r.name] {
			missing = append(missing, r.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("bench: the baseline has no %s: go run ./bench/check -update", strings.Join(missing, ", "))
	}
	return nil
}

// table prints every figure beside the one of the baseline.
func table(out io.Writer, was, now *bench.Report) {
	const line = "%-24s %11s %11s %13s %13s %22s\n"
	fmt.Fprintf(out, line, "workload", "allocs", "was", "bytes", "was", "time (was)")
	number := func(v float64) string { return fmt.Sprintf("%.1f", v) }
	before := map[string]row{}
	for _, r := range rows(was) {
		before[r.name] = r
	}
	for _, r := range rows(now) {
		o := before[r.name]
		fmt.Fprintf(out, line, r.name, number(r.allocs), number(o.allocs), number(r.bytes), number(o.bytes),
			fmt.Sprintf("%.2f %s (%.2f %s)", r.time, r.unit, o.time, r.unit))
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
