package bench

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sample is a report with a figure of each sort.
func sample() *Report {
	return &Report{
		Targets: []Target{{
			Name: "context", Unit: "ns/run", Baseline: 100, Optimised: 40, Improvement: 0.6, Target: 0.4, Met: true, Low: 0.55, High: 0.65,
			Allocs: 100, Bytes: 10_000,
		}, {
			Name: "concurrent_scale", Baseline: 13_000, Optimised: 1200, Improvement: 0.91, Low: 0.91, High: 0.91, Bytes: 1200,
			Parts: []Part{{Name: "limit", Optimised: 600}, {Name: "person", Optimised: 1200}},
		}},
		Ablation:   []Ablation{{Name: "cow", Workload: "context", On: 1, Off: 2, Gain: 0.5}},
		Reference:  []Figure{{Workload: "seq10", Ratio: 10, Low: 9.8, High: 10.2, Allocs: 1, Bytes: 144}, {Workload: "inflight", Ratio: 1.5, Low: 1.5, High: 1.5, Bytes: 3000}},
		Components: []Comparison{{Workload: "agent", Ratio: 0.9, Low: 0.88, High: 0.92, On: Side{Allocs: 95, Bytes: 4000}}},
		HitRates:   []HitRate{{Cache: "lru", Workload: "zipf", Rate: 0.64}},
	}
}

func TestCompareFindsWhatIsWorseAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change    func(*Report)
		threshold float64
		want      string // section workload metric, or nothing
	}{
		"the same":                           {func(*Report) {}, 0, ""},
		"everything better":                  {func(r *Report) { r.Reference[0].Ratio, r.Targets[0].Improvement, r.Targets[0].Allocs = 5, 0.9, 1 }, 0, ""},
		"slower by less than the threshold":  {func(r *Report) { ratioTo(r, 10.9, 10.8, 11) }, 0, ""},
		"slower by more":                     {func(r *Report) { ratioTo(r, 12, 11.8, 12.2) }, 0, "reference seq10 ratio"},
		"slower by more, but not for sure":   {func(r *Report) { ratioTo(r, 12, 10.1, 14) }, 0, ""},
		"slower by more than 5 %":            {func(r *Report) { ratioTo(r, 10.9, 10.8, 11) }, 0.05, "reference seq10 ratio"},
		"nanoseconds are of another machine": {func(r *Report) { r.Reference[0].Ns, r.Targets[0].Optimised = 1e9, 1e9 }, 0, ""},
		"one more allocation":                {func(r *Report) { r.Reference[0].Allocs = 2 }, 0, "reference seq10 allocs"},
		"a third of an allocation":           {func(r *Report) { r.Reference[0].Allocs = 1.3 }, 0, ""},
		"1 % of the allocations":             {func(r *Report) { r.Targets[0].Allocs = 101 }, 0, ""},
		"2 % of the allocations":             {func(r *Report) { r.Targets[0].Allocs = 102 }, 0, "targets context allocs"},
		"2 % of the bytes":                   {func(r *Report) { r.Targets[0].Bytes = 10_200 }, 0, ""},
		"3 % of the bytes":                   {func(r *Report) { r.Targets[0].Bytes = 10_300 }, 0, "targets context bytes"},
		"64 bytes":                           {func(r *Report) { r.Reference[0].Bytes = 208 }, 0, ""},
		"80 bytes":                           {func(r *Report) { r.Reference[0].Bytes = 224 }, 0, "reference seq10 bytes"},
		"stacks, by 9 %":                     {func(r *Report) { r.Reference[1].Bytes = 3270 }, 0, ""},
		"stacks, by 12 %":                    {func(r *Report) { r.Reference[1].Bytes = 3360 }, 0, "reference inflight bytes"},
		"a lesser improvement":               {func(r *Report) { r.Targets[0].Improvement, r.Targets[0].Low, r.Targets[0].High = 0.45, 0.4, 0.5 }, 0, "targets context improvement"},
		"another part is the worst":          {func(r *Report) { r.Targets[1].Bytes, r.Targets[1].Optimised = 6000, 6000 }, 0, ""},
		"a part, by 9 %":                     {func(r *Report) { r.Targets[1].Parts[1].Optimised = 1300 }, 0, ""},
		"a part that is not the worst":       {func(r *Report) { r.Targets[1].Parts[0].Optimised = 670 }, 0, "targets concurrent_scale limit bytes"},
		"a component":                        {func(r *Report) { r.Components[0].Ratio, r.Components[0].Low = 1.1, 1 }, 0, "components agent ratio"},
		"a component's allocations":          {func(r *Report) { r.Components[0].On.Allocs = 97 }, 0, "components agent allocs"},
		"a hit rate":                         {func(r *Report) { r.HitRates[0].Rate = 0.5 }, 0, "hit_rates lru zipf hit_rate"},
		"a figure that was not there": {func(r *Report) {
			r.Reference = append(r.Reference, Figure{Workload: "par8", Ratio: 99, Low: 99, Allocs: 99})
		}, 0, ""},
		"a figure that is not there any more": {func(r *Report) { r.Targets, r.HitRates = nil, nil }, 0, ""},
	} {
		newer := sample()
		c.change(newer)
		var got []string
		for _, x := range Compare(sample(), newer, c.threshold) {
			got = append(got, string(x.Section)+" "+x.Workload+" "+string(x.Metric))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}

func ratioTo(r *Report, middle, low, high float64) {
	f := &r.Reference[0]
	f.Ratio, f.Low, f.High = middle, low, high
}

func TestARegressionTellsItself(t *testing.T) {
	t.Parallel()
	newer := sample()
	ratioTo(newer, 15, 14, 16)
	newer.Reference[0].Allocs = 3
	list := Compare(sample(), newer, 0)
	if len(list) != 2 || list[0].String() != "reference: seq10: ratio was 10, is 15 (50 % worse)" || !near(list[1].Change, 2) {
		t.Errorf("%v", list)
	}
	if list[0].Metric.Counted() || !list[1].Metric.Counted() {
		t.Error("allocations are counted, times are not")
	}
}

func TestFromNoAllocationToOneIsARegression(t *testing.T) {
	t.Parallel()
	older, newer := sample(), sample()
	older.Reference[0].Allocs = 0
	if list := Compare(older, newer, 0); len(list) != 1 || list[0].Change != 1 {
		t.Errorf("%v", list)
	}
}

func TestCompareOfNothingFindsNothing(t *testing.T) {
	t.Parallel()
	if Compare(nil, sample(), 0) != nil || Compare(sample(), nil, 0) != nil || Compare(&Report{}, &Report{}, 0) != nil {
		t.Error("there is something")
	}
}

func TestAReportIsSavedAndLoaded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.json")
	if err := sample().Save(path); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil || !reflect.DeepEqual(got, sample()) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := sample().Save(filepath.Join(path, "below a file")); err == nil {
		t.Error("it was saved below a file")
	}
	if _, err := Load(path + ".not"); err == nil || !strings.HasPrefix(err.Error(), "bench: ") {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", `{"targets": 3}`, "{", `{"targets":[]} trailing`} {
		if r, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read as %+v", text, r)
		}
	}
	if _, err := Read(strings.NewReader(strings.Repeat(" ", maxReport) + "{}")); err == nil {
		t.Error("17 MB were read")
	}
	if _, err := Read(strings.NewReader(`{"targets":[],"later":1}`)); err != nil {
		t.Errorf("a field of a later version: %v", err)
	}
}

func FuzzReport(f *testing.F) {
	f.Add(`{"targets":[{"name":"context","allocs":1}],"reference":[{"workload":"seq10","ratio":1e300}],"ablation":[]}`)
	f.Add(`{"hit_rates":[{"rate":-1}],"plans":[{"on":{"allocs":1e-300}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		if list := Compare(r, r, 0); len(list) != 0 && len(r.Targets)+len(r.Reference)+len(r.HitRates)+len(r.Plans)+len(r.Components) == 1 {
			t.Errorf("a figure is worse than itself: %v", list)
		}
		_ = Compare(sample(), r, 0.1)
	})
}
