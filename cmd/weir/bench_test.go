package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/bench"
	"github.com/weirflow/weir/weirtest"
)

// found is a report with everything in it: good and bad, large and small.
func found() *bench.Report {
	return &bench.Report{
		Machine: bench.Machine{Date: "2026-11-26T12:00:00Z", Go: "go1.26.8", OS: "linux", Arch: "amd64", CPU: "AMD EPYC 7763 64-Core Processor", Cores: 2, Revision: "0123456789abcdef0123", Load: 1.7},
		Targets: []bench.Target{
			{Name: "step_execution", Unit: "ns/run", Baseline: 912.4, Optimised: 498.1, Improvement: 0.454, Low: 0.44, High: 0.47, Target: 0.2, Met: true},
			{Name: "memory", Unit: "B/run", Baseline: 1616, Optimised: 144, Improvement: 0.911, Low: 0.91, High: 0.912, Target: 0.3, Met: true},
			{Name: "context", Unit: "ns/op", Baseline: 2.1e6, Optimised: 35, Improvement: 0.99998, Low: 0.9999, High: 0.99999, Target: 0.4, Met: true},
			{Name: "cache_hit", Unit: "ns/op", Baseline: 400, Optimised: 15424, Improvement: -37.56, Low: -38, High: -37, Target: 0.25},
			{Name: "concurrent", Unit: "runs/s", Baseline: 180000, Optimised: 1.9e6, Improvement: 9.556, Low: 9, High: 10.1, Target: 9, Met: true},
			{Name: "concurrent_scale", Unit: "B/run", Baseline: 3000, Optimised: 290, Improvement: 0.903, Low: 0.903, High: 0.903, Target: 0.9, Met: true, Parts: []bench.Part{
				{Name: "limit", Baseline: 3000, Optimised: 290, Improvement: 0.903}, {Name: "person", Baseline: 3000, Optimised: 200, Improvement: 0.933}}},
		},
		Reference: []bench.Figure{
			{Workload: "seq10", Ns: 551, RefNs: 49.2, Ratio: 11.2, Low: 10.9, High: 11.5, Allocs: 1, Bytes: 144},
			{Workload: "seq10s", Ns: 1130, RefNs: 48, Ratio: 23.5, Low: 23, High: 24, Allocs: 22, Bytes: 496},
			{Workload: "par8", Ns: 4600, RefNs: 5400, Ratio: 0.852, Low: 0.84, High: 0.86, Allocs: 8, Bytes: 1843},
			{Workload: "loop100", Ns: 5700, RefNs: 420, Ratio: 13.6, Low: 13, High: 14, Allocs: 6, Bytes: 200},
			{Workload: "concurrent", Ns: 700, RefNs: 500, Ratio: 1.41, Low: 1.38, High: 1.44, Allocs: 1, Bytes: 144},
			{Workload: "inflight", Ratio: 1.12, Low: 1.11, High: 1.13, Bytes: 2980, RefBytes: 2650},
		},
		Plans: []bench.Comparison{{Workload: "greet", On: bench.Side{Ns: 900, Allocs: 3, Bytes: 300, P99: 2100}, Off: bench.Side{Ns: 1800, Allocs: 9, Bytes: 1200, P99: 5300}, Ratio: 0.5, Low: 0.48, High: 0.52, Significant: true}},
		Components: []bench.Comparison{
			{Workload: "hooks", On: bench.Side{Ns: 100}, Off: bench.Side{Ns: 101}, Ratio: 0.99, Low: 0.97, High: 1.01},
			{Workload: "journal", On: bench.Side{Ns: 140, Allocs: 1, Bytes: 48}, Off: bench.Side{Ns: 100, Allocs: 1, Bytes: 48}, Ratio: 1.4, Low: 1.3, High: 1.6, Significant: true},
		},
		HitRates: []bench.HitRate{{Cache: "lru", Workload: "zipf <0.9>", Entries: 2048, Rate: 0.713, Best: 0.82}},
		Scale: []bench.Growth{
			{Workload: "speedup", Beside: "one core", Metric: bench.MetricThroughput, Unit: "runs/s", At: 2, From: 3.1e6, To: 2.9e6, Ratio: 0.936, Low: 0.92, High: 0.95, RefFrom: 6e7, RefTo: 5.9e7, RefRatio: 0.98, RefLow: 0.97, RefHigh: 0.99, Least: 0.85, Met: true},
			{Workload: "load", Metric: bench.MetricThroughput, Unit: "runs/s", At: 10000, From: 700000, To: 560000, Ratio: 0.8, Low: 0.78, High: 0.82, RefRatio: 0.95, RefLow: 0.94, RefHigh: 0.96, Least: 0.9},
			{Workload: "load", Metric: bench.MetricP99, Unit: "ns/run", At: 10000, From: 2100, To: 3200, Ratio: 1.52, Low: 1.4, High: 1.7, RefRatio: 1.4, RefLow: 1.3, RefHigh: 1.5, Most: 1.1},
			{Workload: "footprint", Metric: bench.MetricBytes, Unit: "B/run", At: 1000, From: 2930, To: 2930, Ratio: 1, Low: 0.99, High: 1.01, RefRatio: 1, RefLow: 1, RefHigh: 1},
			{Workload: "footprint", Metric: bench.MetricBytes, Unit: "B/run", At: 100000, From: 2930, To: 2950, Ratio: 1.007, Low: 1, High: 1.01, RefRatio: 1, RefLow: 1, RefHigh: 1, Least: 0.9, Most: 1.1, Met: true},
		},
		Contention: &bench.Contention{InFlight: 256, Runs: 90000, Seconds: 2, Cores: 2, Most: 0.02, Block: bench.Waits{All: 1.2e11, Rest: 1e9,
			Weir: []bench.Wait{{Function: "cache.(*flightMap).enter", Lock: true, Ns: 9e10, Share: 0.9}, {Function: "layer/limit.(*Limit).wait", Ns: 8e9, Share: 0.08}, {Function: "usage.(*Totals).Add", Lock: true, Ns: 1e9, Share: 0.01}},
			Load: []bench.Wait{{Function: "github.com/weirflow/weir/bench.crowd", Ns: 2e10}}}},
		Ablation: []bench.Ablation{
			{Name: "flatten", Workload: "seq10", Gain: 0.31, Low: 0.3, High: 0.32, Significant: true, Noise: 0.021}, {Name: "flatten", Workload: "state", Gain: 0.004, Low: -0.01, High: 0.02},
			{Name: "cow", Workload: "state", Gain: 0.97, Low: 0.96, High: 0.98, Significant: true}, {Name: "cow", Workload: "loop100", Noise: 0.0004, Gain: -0.6, Low: -0.7, High: -0.5, Significant: true},
		},
		Skipped: []string{"ablation: par8 without cow"}, Seconds: 61.4,
	}
}

func TestTheTablesSayWhatWasMetAndWhatWasMissed(t *testing.T) {
	t.Parallel()
	for _, width := range []int{defaultWidth, 60} {
		p := &page{width: width}
		writeReport(p, found())
		for line := range strings.Lines(p.b.String()) {
			if n := len([]rune(line)); n > width+1 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
		if width == defaultWidth {
			weirtest.Golden(t, p.b.String())
		}
	}
}

func TestMarksAreColouredOnTerminalsOnly(t *testing.T) {
	t.Parallel()
	plain, coloured := &page{width: defaultWidth}, &page{width: defaultWidth, colour: true}
	writeReport(plain, found())
	writeReport(coloured, found())
	if strings.Contains(plain.b.String(), "\x1b") {
		t.Error("colour without a terminal")
	}
	for _, part := range []string{"\x1b[32m✓ met\x1b[0m", "\x1b[31m✗ missed\x1b[0m", "\x1b[31m−60 %*\x1b[0m"} {
		if !strings.Contains(coloured.b.String(), part) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestAReportWithoutAPartHasNoTableOfIt(t *testing.T) {
	t.Parallel()
	p := &page{width: defaultWidth}
	writeReport(p, &bench.Report{Targets: found().Targets})
	if text := p.b.String(); strings.Contains(text, "References") || strings.Contains(text, "Ablation") || !strings.Contains(text, "Targets") {
		t.Error(text)
	}
}

func TestBenchFlagsThatCannotBeMeantAreRefusedBeforeAnythingIsMeasured(t *testing.T) {
	t.Parallel()
	there := file(t, "there.json", "{}")
	pipeline := file(t, "greet.yaml", greet)
	taken := t.TempDir()
	if err := os.WriteFile(filepath.Join(taken, "heap.pprof"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	asks := file(t, "asks.yaml", "version: 1\nagents:\n  a: {model: \"openai:x\", system_prompt: p}\nsteps:\n  - name: draft\n    uses: agents.a\n")
	sends := file(t, "sends.yaml", "version: 1\nsteps:\n  - name: fetch\n    uses: http\n    with: {url: \"https://example.com/\"}\n")
	for name, c := range map[string]struct {
		args  []string
		parts []string
	}{
		"negative time":       {[]string{"--seconds", "-1"}, []string{"--seconds"}},
		"no such part":        {[]string{"--only", "speed"}, []string{`"speed"`, "targets", "reference", "profile"}},
		"threshold":           {[]string{"--threshold", "0.1"}, []string{"such as 10%"}},
		"there already":       {[]string{"--save", there}, []string{"there.json", "--force"}},
		"a profile is there":  {[]string{"--profile", taken}, []string{"heap.pprof", "--force"}},
		"a folder":            {[]string{"--html", taken}, []string{"folder"}},
		"profile where?":      {[]string{"--only", "profile"}, []string{"--profile DIR"}},
		"no baseline":         {[]string{"--compare", "nowhere.json"}, []string{"nowhere.json", "--save FILE"}},
		"no workload":         {[]string{"--workload", "nothing", "--seconds", "1"}, []string{"nothing", "seq10"}},
		"a crowd of nothing":  {[]string{"--large"}, []string{"--only scale"}},
		"input of nothing":    {[]string{"--input-json", "1"}, []string{"weir bench FILE"}},
		"answer of nobody":    {[]string{"--answer", "x"}, []string{"weir bench FILE"}},
		"without of nothing":  {[]string{"--without", "cow"}, []string{"--ablate"}},
		"built-in on a file":  {[]string{pipeline, "--only", "targets"}, []string{"built-in"}},
		"a person":            {[]string{file(t, "ask.yaml", waits)}, []string{"waits for a person (at ask)"}},
		"a model":             {[]string{asks, "--input-json", "1"}, []string{"openai:x (in draft)", "--answer TEXT"}},
		"an address":          {[]string{sends}, []string{"GET https://example.com/", "--allow-sends"}},
		"several at once":     {[]string{"--only", "speed", "--save", there}, []string{`"speed"`, "--force"}},
		"profile and reports": {[]string{"--only", "profile", "--profile", "p", "--json"}, []string{"no report"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := weirRuns(t, "", append([]string{"bench", "-q"}, c.args...)...)
			if got.code != exitUsage || got.out != "" {
				t.Errorf("%+v", got)
			}
			for _, part := range c.parts {
				if !strings.Contains(got.err, part) {
					t.Errorf("%q is missing in %q", part, got.err)
				}
			}
		})
	}
}

// measured runs a short measurement; machines that are busy may miss a target, which is no concern of these tests.
func measured(t *testing.T, args ...string) said {
	t.Helper()
	got := weirRuns(t, "", append([]string{"bench", "--quick", "--seconds", "1"}, args...)...)
	if got.code != exitDone && got.code != exitFailed {
		t.Fatalf("%+v", got)
	}
	return got
}

func TestJSONIsTheReportAndItsListsAreNeverNull(t *testing.T) {
	t.Parallel()
	got := measured(t, "--json", "--only", "references", "--workload", "seq10")
	var r map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatal(err, got)
	}
	if string(r["targets"]) != "[]" || string(r["ablation"]) != "[]" || !bytes.Contains(r["reference"], []byte(`"workload":"seq10"`)) || len(r["machine"]) == 0 {
		t.Error(got.out)
	}
	if !strings.Contains(got.err, "seq10") {
		t.Errorf("no line says what is measured: %q", got.err)
	}
}

func TestAPipelineOfOnesOwnIsMeasuredWithOptimisationsAndWithout(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "two.yaml", greet+"  - name: keep\n    uses: write_file\n    with: {path: out.txt, content: \"{{ previous_step }}\"}\n")
	got := measured(t, pipeline, "--input-json", `"ada"`, "--json", "-q")
	var r bench.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != 0 || len(r.Plans) != 1 {
		t.Fatalf("%v %+v", err, got)
	}
	if p := r.Plans[0]; p.Workload != "greet" || p.On.Ns <= 0 || p.Off.Ns <= 0 || len(r.Targets)+len(r.Reference) > 0 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat("out.txt"); err == nil {
		t.Error("a measured run wrote into the current folder")
	}
}

func TestAblationOfAPipelineDropsWhatIsNamed(t *testing.T) {
	t.Parallel()
	got := measured(t, file(t, "g.yaml", greet), "--input-json", `"ada"`, "--json", "-q", "--ablate", "--without", "cow")
	var r bench.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || len(r.Ablation) != 1 || r.Ablation[0].Name != "cow" || r.Ablation[0].Workload != "greet" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestAModelOfABenchmarkAnswersWhatItIsTold(t *testing.T) {
	t.Parallel()
	pipeline := file(t, "asks.yaml", `version: 1
agents:
  a:
    model: openai:x
    system_prompt: p
    output_schema: {type: object, required: [n], properties: {n: {type: integer}}}
steps:
  - name: draft
    uses: agents.a
`)
	if got := measured(t, pipeline, "--input-json", `"x"`, "--answer", `{"n": 1}`); got.code != 0 || !strings.Contains(got.out, "Your pipeline") {
		t.Errorf("%+v", got)
	}
	got := weirRuns(t, "", "bench", pipeline, "--seconds", "1", "--input-json", `"x"`, "--answer", "no object")
	if got.code != exitFailed || !strings.Contains(got.err, "nothing to measure") {
		t.Errorf("an answer that does not fit: %+v", got)
	}
}

func TestComparingFindsARegressionAndExitsWith7(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base := filepath.Join(dir, "base.json")
	args := []string{"--only", "references", "--workload", "seq10", "-q"}
	measured(t, append(args, "--save", base)...)
	older, err := bench.Load(base)
	if err != nil || len(older.Reference) != 1 {
		t.Fatal(err)
	}
	f := &older.Reference[0]
	f.Allocs, f.Bytes = 1e6, 1e9 // the other tests of this process allocate meanwhile, and the race detector empties pools
	if err := older.Save(base); err != nil {
		t.Fatal(err)
	}
	same := weirRuns(t, "", append([]string{"bench", "--quick", "--seconds", "1", "--compare", base, "--threshold", "900%"}, args...)...)
	if same.code != exitDone || !strings.Contains(same.out, "1 figure compared; 0 got worse") || !strings.Contains(same.out, "✓ better") {
		t.Errorf("%+v", same)
	}
	f.Ratio, f.Low, f.High = f.Ratio/100, f.Low/100, f.High/100
	if err := older.Save(filepath.Join(dir, "better.json")); err != nil {
		t.Fatal(err)
	}
	got := weirRuns(t, "", append([]string{"bench", "--quick", "--seconds", "1", "--compare", filepath.Join(dir, "better.json")}, args...)...)
	if got.code != exitRegression || !strings.Contains(got.out, "✗ worse") || !strings.Contains(got.err, "got worse against") {
		t.Errorf("%+v", got)
	}
	got = weirRuns(t, "", "bench", "-q", "--quick", "--seconds", "1", "--only", "references", "--workload", "loop100", "--compare", base)
	if got.code != exitUsage || !strings.Contains(got.err, "no figure of") {
		t.Errorf("nothing in common: %+v", got)
	}
}

func TestMovesAreShownBothWays(t *testing.T) {
	t.Parallel()
	older, newer := found(), found()
	older.Reference[0].Ratio, older.Reference[0].Low, older.Reference[0].High = 30, 29, 31
	newer.Reference[2].Ratio, newer.Reference[2].Low, newer.Reference[2].High = 3, 2.9, 3.1
	newer.Machine.Cores = 8
	newer.Ablation = nil
	p := &page{width: defaultWidth}
	both, gone := shared(older, newer)
	if worse := writeMoves(p, &benchCommand{Compare: "base.json", Threshold: 0.1}, older, newer, both, gone); worse != 1 {
		t.Errorf("%d worse", worse)
	}
	weirtest.Golden(t, p.b.String())
}

func TestMissedTargetsAreToldAndTheExitCodeIs1(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	term := terminal{in: strings.NewReader(""), out: &out, err: &errs}
	err := (&benchCommand{}).conclude(t.Context(), term, &benchmark{}, found())
	if code := exitCode(term, err); code != exitFailed || !strings.Contains(errs.String(), "1 target missed: cache hit") {
		t.Errorf("%d %s", code, errs.String())
	}
}

func TestASignalEndsABenchmarkWithWhatWasMeasured(t *testing.T) {
	t.Parallel()
	ctx, stop := contextWithSignal(t)
	var out, errs bytes.Buffer
	dir := t.TempDir()
	code := execute(ctx, []string{"bench", "--quick", "--only", "references", "--save", filepath.Join(dir, "s.json")}, terminal{in: strings.NewReader(""), out: &out, err: stopAfter(&errs, 2, stop)})
	if code != exitInterrupted || !strings.Contains(out.String(), "Stopped before the end") || !strings.Contains(out.String(), "seq10") {
		t.Errorf("%d %s %s", code, out.String(), errs.String())
	}
	if names, _ := os.ReadDir(dir); len(names) > 0 {
		t.Error("half a report was saved")
	}
}

func TestProfilesAreWrittenAndSayWhoWaited(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profiles")
	got := weirRuns(t, "", "bench", "--only", "profile", "--profile", dir, "--seconds", "1")
	if got.code != 0 || !strings.Contains(got.out, "for a mutex") || !strings.Contains(got.out, "in weir's own code") {
		t.Fatalf("%+v", got)
	}
	if !strings.Contains(got.err, "profiling") || strings.Contains(got.out, "\x1b") {
		t.Errorf("%+v", got)
	}
	for _, name := range profiles() {
		b, err := os.ReadFile(filepath.Join(dir, name+".pprof"))
		if err != nil || !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
			t.Errorf("%s: %v, %d bytes", name, err, len(b))
		}
	}
	if got := weirRuns(t, "", "bench", "--only", "profile", "--profile", dir, "--seconds", "1"); got.code != exitUsage {
		t.Errorf("profiles were replaced: %+v", got)
	}
}

func TestEverySectionOfAReportHasAName(t *testing.T) {
	t.Parallel()
	var c benchCommand
	want := slices.DeleteFunc(bench.Sections(), func(s bench.Section) bool { return s == bench.Plans }) // which is for a FILE
	for _, s := range want {
		c.Only = append(c.Only, string(s))
	}
	b := &benchmark{config: &bench.Config{}}
	if err := c.sections(b); err != nil || !slices.Equal(b.config.Sections, want) {
		t.Error(err, b.config.Sections)
	}
}

func TestOptimisationsDroppedByTheEnvironmentAreNotMeasured(t *testing.T) {
	t.Setenv(weir.WithoutEnv, "cow")
	if got := weirRuns(t, "", "bench"); got.code != exitUsage || !strings.Contains(got.err, "WEIR_WITHOUT is set") {
		t.Errorf("%+v", got)
	}
}

func TestTheBarSaysWhatIsMeasuredHowFarItIsAndHowLongItTakes(t *testing.T) {
	t.Parallel()
	var err bytes.Buffer
	live := &meterView{err: &err, live: true, width: 60, budget: time.Minute}
	for _, c := range []struct {
		progress bench.Progress
		want     string
	}{
		{bench.Progress{Total: 4, What: "targets: memory"}, "░░░░░░░░░░░░░░░░░░░░ 0 of 4  1m0s left  targets: memory"},
		{bench.Progress{Done: 1, Total: 4, What: "a", Elapsed: 10 * time.Second}, "█████░░░░░░░░░░░░░░░ 1 of 4  30s left  a"},
		{bench.Progress{Done: 1, Total: 4, What: "a", Elapsed: 40 * time.Second}, "█████░░░░░░░░░░░░░░░ 1 of 4  20s left  a"}, // no more than the budget
		{bench.Progress{Done: 4, Total: 4, Elapsed: 10 * time.Second}, "████████████████████ 4 of 4  <1s left"},
	} {
		if got := live.text(c.progress); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	live.told(bench.Progress{Total: 4, What: strings.Repeat("long ", 20)})
	if text := err.String(); !strings.HasPrefix(text, "\r\x1b[K") || len([]rune(text)) > 60+4 || strings.Contains(text, "\n") {
		t.Errorf("%q", text)
	}
	err.Reset()
	plain := &meterView{err: &err}
	plain.told(bench.Progress{Done: 1, Total: 4, What: "targets: memory"})
	plain.told(bench.Progress{Done: 4, Total: 4})
	plain.end()
	if err.String() != "  2 of 4  targets: memory\n" {
		t.Errorf("%q", err.String())
	}
}

func TestWithoutSaysWhatTheOtherSideLacks(t *testing.T) {
	t.Parallel()
	c := &benchCommand{Without: []string{"cow"}}
	for _, x := range []struct {
		c          *benchCommand
		lacks, own []string
	}{{c, []string{"all"}, []string{"cow"}}, {c, nil, nil}, {c, []string{"flatten"}, []string{"flatten"}}, {&benchCommand{}, []string{"all"}, []string{"all"}}} {
		if got := x.c.dropped(x.lacks); !slices.Equal(got, x.own) {
			t.Errorf("%v of %v: %v", x.c.Without, x.lacks, got)
		}
	}
	got := weirRuns(t, "", "bench", file(t, "g.yaml", greet), "--input-json", `"ada"`, "--without", "speed")
	if got.code != exitCheck || !strings.Contains(got.err, "speed") {
		t.Errorf("%+v", got)
	}
}

func TestTheSectionScaleIsMeasuredWhenItIsAskedFor(t *testing.T) {
	t.Parallel()
	got := measured(t, "--only", "scale", "--workload", "speedup", "--json", "-q")
	var r bench.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != 0 || len(r.Scale) != 2 || r.Scale[0].Workload != "speedup" || r.Scale[0].Ratio <= 0 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestALoadThatWaitsForNothingSaysSo(t *testing.T) {
	t.Parallel()
	p := &page{width: defaultWidth}
	writeReport(p, &bench.Report{Contention: &bench.Contention{InFlight: 256, Runs: 1, Seconds: 2, Cores: 2, Most: 0.02, Met: true}})
	if text := p.b.String(); !strings.Contains(text, "none: no run waited for another in weir's own code  ✓") {
		t.Error(text)
	}
}
