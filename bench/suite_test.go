package bench

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/cache"
)

// quick is a Config that takes little time.
func quick(c Config) *Config {
	c.Rounds, c.Window = 2, 100*time.Microsecond
	if c.Budget == 0 {
		c.Budget = time.Minute
	}
	return &c
}

// suite makes one, and runs it.
func suite(t *testing.T, c *Config) *Report {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASuiteMeasuresTheSectionsThatItIsAskedFor(t *testing.T) {
	t.Parallel()
	r := suite(t, quick(Config{Sections: []Section{Targets, References, Components}, Workloads: []string{"cache_hit", "seq10", "par8", "validators"}}))
	if len(r.Targets) != 1 || r.Targets[0].Name != "cache_hit" || r.Targets[0].Target != 0.25 || r.Targets[0].Baseline <= 0 {
		t.Errorf("targets: %+v", r.Targets)
	}
	if len(r.Reference) != 2 || r.Reference[0].Workload != "seq10" || r.Reference[1].Workload != "par8" || r.Reference[0].Ratio <= 0 {
		t.Errorf("reference: %+v", r.Reference)
	}
	if len(r.Components) != 1 || r.Components[0].Workload != "validators" || r.Components[0].On.P50 <= 0 {
		t.Errorf("components: %+v", r.Components)
	}
	if len(r.Ablation) != 0 || r.Machine.Cores < 1 || r.Machine.Go == "" || r.Seconds <= 0 {
		t.Errorf("%+v", r)
	}
}

func TestAblationsDropEachOptimisationOnEachWorkload(t *testing.T) {
	t.Parallel()
	r := suite(t, quick(Config{Sections: []Section{Ablations}, Workloads: []string{"seq10", "context"}, Optimisations: []string{"flatten", "cow"}}))
	var got []string
	for _, a := range r.Ablation {
		got = append(got, a.Name+" "+a.Workload)
		if a.Noise <= 0 {
			t.Errorf("%s: %s was not measured beside itself", a.Name, a.Workload)
		}
	}
	if want := []string{"flatten context", "flatten seq10", "cow context", "cow seq10"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAPlanOfTheCallerIsMeasuredAndAblated(t *testing.T) {
	t.Parallel()
	var dropped []string
	mine := Plan("mine", func(without []string) (func(context.Context) error, error) {
		dropped = append(dropped, strings.Join(without, "+"))
		return func(context.Context) error { return nil }, nil
	})
	r := suite(t, quick(Config{Plans: []Workload{mine}}))
	if len(r.Plans) != 1 || r.Plans[0].Workload != "mine" || len(r.Targets)+len(r.Reference)+len(r.Ablation) != 0 {
		t.Errorf("%+v", r)
	}
	r = suite(t, quick(Config{Plans: []Workload{mine}, Sections: []Section{Ablations}, Optimisations: []string{"cow"}}))
	if len(r.Ablation) != 1 || r.Ablation[0].Workload != "mine" {
		t.Errorf("%+v", r.Ablation)
	}
	if want := []string{"", "all", "", "", "", "cow"}; !slices.Equal(dropped, want) {
		t.Errorf("compiled without %q, want %q", dropped, want)
	}
}

func TestThePlanThatFailsEndsTheSuiteWithWhatWasMeasured(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	fine := Plan("fine", func([]string) (func(context.Context) error, error) {
		return func(context.Context) error { return nil }, nil
	})
	bad := Plan("bad", func([]string) (func(context.Context) error, error) {
		return func(context.Context) error { return boom }, nil
	})
	s, err := New(quick(Config{Plans: []Workload{fine, bad}}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(t.Context())
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "bench: bad: ") || len(r.Plans) != 1 {
		t.Errorf("%v, %+v", err, r.Plans)
	}
}

func TestASuiteTellsItsProgress(t *testing.T) {
	t.Parallel()
	var told []Progress
	suite(t, quick(Config{Sections: []Section{References}, Workloads: []string{"seq10", "loop100"}, Progress: func(p Progress) { told = append(told, p) }}))
	if len(told) != 3 || told[0].What != "reference: seq10" || told[1].What != "reference: loop100" || told[1].Done != 1 {
		t.Fatalf("%+v", told)
	}
	if last := told[2]; last.Done != 2 || last.Total != 2 || last.What != "" || last.Elapsed < told[1].Elapsed {
		t.Errorf("at the end: %+v", last)
	}
}

func TestACancelledSuiteGivesWhatItHas(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	s, err := New(quick(Config{Sections: []Section{References}, Progress: func(p Progress) {
		if p.Done == 1 {
			cancel(enough)
		}
	}}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(ctx)
	if !errors.Is(err, enough) || len(r.Reference) != 1 {
		t.Errorf("%v after %d figures", err, len(r.Reference))
	}
}

func TestASuiteEndsWithItsBudgetAndTellsWhatItSkipped(t *testing.T) {
	t.Parallel()
	s, err := New(&Config{Sections: []Section{References, HitRates}, Workloads: []string{"seq10", "par8", "zipf"}, Budget: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(t.Context())
	if err != nil || len(r.Reference)+len(r.HitRates) != 0 {
		t.Errorf("%v, %+v", err, r)
	}
	if want := []string{"reference: seq10", "reference: par8", "hit_rates: lru zipf"}; !slices.Equal(r.Skipped, want) {
		t.Errorf("skipped %q, want %q", r.Skipped, want)
	}
	begun := time.Now()
	slow := Plan("slow", func([]string) (func(context.Context) error, error) {
		return func(context.Context) error { wait(time.Millisecond); return nil }, nil
	})
	suite(t, &Config{Plans: []Workload{slow}, Rounds: 1_000_000, Budget: 200 * time.Millisecond})
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("a budget of 200 ms took %v", took)
	}
}

func TestWhatDoesNotExistIsNamedAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := New(&Config{
		Sections: []Section{"speed"}, Workloads: []string{"seq11"}, Optimisations: []string{"luck"}, Plans: []Workload{{}}, Rounds: -1,
	})
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, want := range []string{
		`no section "speed"; there are [targets reference`, `no workload "seq11"; there are step_execution, `, `no optimisation "luck"; there are cow, `,
		"plan 0 has no name", "may not be negative",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestTheNamesOfTargetsAndReferencesAreThoseOfTheFormat(t *testing.T) {
	t.Parallel()
	if got, want := Workloads(Targets), []string{"step_execution", "memory", "concurrent", "context", "cache_hit", "concurrent_scale"}; !slices.Equal(got, want) {
		t.Errorf("targets %q", got)
	}
	if got, want := Workloads(References), []string{"seq10", "seq10s", "par8", "loop100", "concurrent", "telemetry", "events", "inflight"}; !slices.Equal(got, want) {
		t.Errorf("references %q", got)
	}
	all := Workloads()
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("a name stands twice: %q", all)
	}
}

func TestAnEmptySectionIsAListInJSON(t *testing.T) {
	t.Parallel()
	s, err := New(&Config{Sections: []Section{HitRates}, Workloads: []string{"seq10"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"targets":[]`, `"ablation":[]`, `"reference":[]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

func TestCachesOfTheCallerAreAskedBesideTheDefault(t *testing.T) {
	t.Parallel()
	size := 0
	r := suite(t, quick(Config{
		Sections: []Section{HitRates}, Workloads: []string{"zipf"},
		Caches: map[string]func(int) (cache.Backend, error){
			"none": func(n int) (cache.Backend, error) { size = n; return cache.Nop{}, nil },
		},
	}))
	if len(r.HitRates) != 2 || r.HitRates[0].Cache != "lru" || r.HitRates[1].Cache != "none" || r.HitRates[1].Rate != 0 || size != 1024 {
		t.Errorf("%+v, made for %d entries", r.HitRates, size)
	}
	if h := r.HitRates[0]; h.Rate < 0.5 || h.Rate > h.Best || h.Best >= 1 {
		t.Errorf("%+v", h)
	}
}
