package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one engine on one workload. Its JSON is what --json prints.
type figure struct {
	Workload string `json:"workload"`
	Engine   string `json:"engine"`
	// CPU is ns of process CPU time a run, the collector's included: a median. XRef and XWeir are medians of ratios of one round, of
	// bytes in flight and of CPU elsewhere.
	CPU   float64 `json:"cpu_ns,omitzero"`
	XRef  float64 `json:"x_ref"`
	XWeir float64 `json:"x_weir"`
	// XAlone is CPU a run on all cores against one core; RunsPerSecond is by the clock. Both only of concurrent.
	XAlone        float64 `json:"x_alone,omitzero"`
	RunsPerSecond float64 `json:"runs_per_second,omitzero"`
	// Allocs and Bytes are of one run; in flight Bytes is what a waiting run holds.
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
	// Goroutines are of one waiting run: only of inflight.
	Goroutines float64 `json:"goroutines,omitzero"`
}

// table is one workload.
type table struct {
	Workload string   `json:"workload"`
	Says     string   `json:"says"`
	Figures  []figure `json:"figures"`
}

// report is all that was measured, and where.
type report struct {
	Date     string            `json:"date"`
	Go       string            `json:"go"`
	CPU      string            `json:"cpu"`
	Cores    int               `json:"cores"`
	Versions map[string]string `json:"versions"`
	Tables   []table           `json:"tables"`
}

func newReport(list []engine, tables []table) report {
	return report{
		Date: time.Now().Format(time.DateOnly), Go: runtime.Version(), CPU: processor(), Cores: runtime.GOMAXPROCS(0),
		Versions: versions(list), Tables: tables,
	}
}

// versions are those of the engines' modules that this program was built with.
func versions(list []engine) map[string]string {
	found := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return found
	}
	for _, d := range info.Deps {
		if !slices.ContainsFunc(list, func(e engine) bool { return e.module == d.Path }) {
			continue
		}
		found[d.Path] = d.Version
		if d.Replace != nil {
			found[d.Path] = "this working copy"
		}
	}
	return found
}

// processor is what Linux calls the CPU; elsewhere it is the architecture.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func (r report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// text prints a table for each workload, with the columns that it has figures for.
func (r report) text(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s, %d cores of %s\n", r.Date, r.Go, r.Cores, r.CPU)
	for _, module := range slices.Sorted(maps.Keys(r.Versions)) {
		fmt.Fprintf(w, "%s %s\n", module, r.Versions[module])
	}
	for _, t := range r.Tables {
		fmt.Fprintf(w, "\n%s: %s\n", t.Workload, t.Says)
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		columns := columnsOf(t.Workload)
		for _, c := range columns {
			fmt.Fprint(tw, c.head, "\t")
		}
		fmt.Fprintln(tw)
		for _, f := range t.Figures {
			for _, c := range columns {
				fmt.Fprint(tw, c.cell(f), "\t")
			}
			fmt.Fprintln(tw)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	return nil
}
