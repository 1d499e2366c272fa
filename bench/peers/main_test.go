package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync/atomic"
	"testing"
)

// brief are flags that make a suite quick; what it measures then means nothing.
func brief(more ...string) []string {
	return append([]string{"--rounds", "1", "--window", "10us", "--flights", "2"}, more...)
}

func TestTheCommandPrintsATableForEachWorkload(t *testing.T) {
	t.Parallel()
	var out, progress bytes.Buffer
	if err := command(t.Context(), brief(), &out, &progress); err != nil {
		t.Fatal(err)
	}
	for _, name := range names() {
		if !strings.Contains(out.String(), "\n"+name+": ") || !strings.Contains(progress.String(), name+" ...\n") {
			t.Errorf("%s is missing in\n%s\nor in\n%s", name, out.String(), progress.String())
		}
	}
	for _, e := range engines(t.Context()) {
		if !strings.Contains(out.String(), e.name) {
			t.Errorf("%s is missing in\n%s", e.name, out.String())
		}
	}
}

func TestTheCommandPrintsJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := command(t.Context(), brief("--json", "--only", "seq10,concurrent"), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Tables) != 2 || r.Tables[0].Workload != "seq10" || r.Date == "" || r.Cores < 1 {
		t.Fatalf("the report is %+v", r)
	}
	for _, t10 := range r.Tables {
		for _, f := range t10.Figures {
			if f.CPU <= 0 || f.XRef <= 0 || f.XWeir <= 0 || (f.Workload == "concurrent") != (f.XAlone > 0 && f.RunsPerSecond > 0) {
				t.Errorf("a figure is %+v", f)
			}
		}
	}
}

func TestWhatCannotBeMeasuredIsRefused(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		`no workload is called "seq11"`: {"--only", "seq10,seq11"},
		"must be more than 0":           {"--rounds", "0"},
		`"seq10" is not understood`:     {"seq10"},
		"flag provided but not defined": {"--fast"},
	} {
		if err := command(t.Context(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestACanceledSuiteEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := measure(ctx, []contender{{"nothing", func(int) error { return nil }}}, 1, 1); err != context.Canceled {
		t.Errorf("it ended with %v", err)
	}
}

func TestAllCoresShareEveryRunOnce(t *testing.T) {
	t.Parallel()
	for n := range 9 {
		var done atomic.Int64
		if err := onAllCores(func(n int) error { done.Add(int64(n)); return nil })(n); err != nil || done.Load() != int64(n) {
			t.Errorf("of %d runs %d were made, %v", n, done.Load(), err)
		}
	}
}

func TestMedianAndRatio(t *testing.T) {
	t.Parallel()
	if m := median([]float64{9, 1, 5}); m != 5 {
		t.Errorf("median of three is %v", m)
	}
	if m := median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("median of four is %v", m)
	}
	if r := ratio([]float64{10, 40, 90}, []float64{1, 2, 3}); r != 20 {
		t.Errorf("the ratio is %v", r)
	}
}

func TestFiguresArePrintedShort(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]float64{"0": 0, "0.04": 0.0412, "26.0": 26.04, "341": 341.2, "1,951": 1951, "33,783,228": 33783228} {
		if got := short(v); got != want {
			t.Errorf("%v is printed as %s, not %s", v, got, want)
		}
	}
}
