package bench

// Report is what a Suite found. Its JSON is a format that scripts may rely on: fields are added, never changed.
type Report struct {
	// Machine says where it was measured.
	Machine Machine `json:"machine"`
	// Targets are the seed's, Ablation what each optimisation alone buys, Reference the workloads against plain Go.
	Targets   []Target   `json:"targets"`
	Ablation  []Ablation `json:"ablation"`
	Reference []Figure   `json:"reference"`
	// Plans are the caller's own workloads, Components those of single parts: both with every optimisation beside none.
	Plans      []Comparison `json:"plans,omitempty"`
	Components []Comparison `json:"components,omitempty"`
	// HitRates are what caches answer of skewed, scanned and shifting keys.
	HitRates []HitRate `json:"hit_rates,omitempty"`
	// Scale is what becomes of figures when there is more to do, and Contention what runs wait for that meet.
	Scale      []Growth    `json:"scale,omitempty"`
	Contention *Contention `json:"contention,omitempty"`
	// Skipped are the figures for which no time was left, as Progress names them.
	Skipped []string `json:"skipped,omitempty"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	// Without is the list of the environment variable WEIR_WITHOUT: those are dropped on both sides, so such a report says little.
	Without string `json:"without,omitempty"`
}

// Met says that every target that was measured is met.
func (r *Report) Met() bool {
	for _, t := range r.Targets {
		if !t.Met {
			return false
		}
	}
	return true
}

// Machine is where and when a Report was made.
type Machine struct {
	Date  string `json:"date"`
	Go    string `json:"go"`
	OS    string `json:"os"`
	Arch  string `json:"arch"`
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	// Revision is that of the build, empty where it is not known.
	Revision string `json:"revision,omitzero"`
	// Load is the load average of the last minute when it began, 0 where it is not known. Others used the machine where it
	// is over 1.
	Load float64 `json:"load,omitzero"`
}

// Target is one of the seed's: what was measured without any optimisation, with all, and the improvement that was asked for. Improvement
// and Target are fractions: 0.2 is 20 % less time or bytes, or 20 % more runs a second.
type Target struct {
	// Name is step_execution, memory, concurrent, context, cache_hit or concurrent_scale.
	Name        string  `json:"name"`
	Unit        string  `json:"unit"`
	Baseline    float64 `json:"baseline"`
	Optimised   float64 `json:"optimised"`
	Improvement float64 `json:"improvement"`
	Target      float64 `json:"target"`
	Met         bool    `json:"met"`
	// Low and High are the 95 % interval of Improvement.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Rounds is how many it is the median of.
	Rounds int `json:"rounds"`
	// Allocs and Bytes are what one operation takes with every optimisation, BaseAllocs and BaseBytes without any.
	Allocs     float64 `json:"allocs"`
	Bytes      float64 `json:"bytes"`
	BaseAllocs float64 `json:"base_allocs"`
	BaseBytes  float64 `json:"base_bytes"`
	// Parts are what concurrent_scale is the worst of.
	Parts []Part `json:"parts,omitempty"`
}

// Part is one sort of waiting of the target concurrent_scale: limit, timer or person. Baseline is what a goroutine takes that runs the plan and
// stands still in it, Optimised what a run does that was started and waits, both in bytes; Goroutines is how many the latter holds.
type Part struct {
	Name        string  `json:"name"`
	Baseline    float64 `json:"baseline"`
	Optimised   float64 `json:"optimised"`
	Improvement float64 `json:"improvement"`
	Goroutines  float64 `json:"goroutines"`
}

// Ablation is what one optimisation buys on one workload: with all on, and with this one off.
type Ablation struct {
	Name     string  `json:"name"`
	Workload string  `json:"workload"`
	Unit     string  `json:"unit"`
	On       float64 `json:"on"`
	Off      float64 `json:"off"`
	// Gain is the fraction that is saved: (off - on) / off, of the medians of the rounds' ratios.
	Gain float64 `json:"gain"`
	// Significant says that the gain lies outside of what chance makes of equal figures, and is more than Noise.
	Significant bool `json:"significant"`
	// Low and High are the 95 % interval of Gain.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Noise is how far the 95 % interval of two equal plans reached in the same invocation, a fraction; 0 where there was no time for them.
	Noise float64 `json:"noise"`
	// Rounds is how many it is the median of.
	Rounds int `json:"rounds"`
	// AllocsSaved and BytesSaved are what the optimisation saves in each operation; negative: it takes more.
	AllocsSaved float64 `json:"allocs_saved"`
	BytesSaved  float64 `json:"bytes_saved"`
}

// Figure is one reference workload beside plain Go that does the same.
type Figure struct {
	// Workload is seq10, seq10s, par8, loop100, concurrent or inflight.
	Workload string  `json:"workload"`
	Ns       float64 `json:"ns"`
	RefNs    float64 `json:"ref_ns"`
	// Ratio is the median of the ratios of one round, not the ratio of the medians. Of inflight it is the ratio of the bytes.
	Ratio  float64 `json:"ratio"`
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
	// Low and High are the 95 % interval of Ratio.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// RefBytes are what the plain Go takes.
	RefBytes float64 `json:"ref_bytes"`
	// Goroutines are those that a run of inflight holds.
	Goroutines float64 `json:"goroutines,omitzero"`
}

// Growth is what becomes of a figure when there is more to do, of weir and of plain Go that does the same.
type Growth struct {
	// Workload is speedup, load (runs that were started and wait for the permit of a limit), blocked (those that are blocked in a step of their
	// own) or footprint, Metric throughput, p99 or bytes.
	Workload string `json:"workload"`
	Metric   Metric `json:"metric"`
	Unit     string `json:"unit"`
	// At is how many cores work, or how many runs are in flight.
	At int `json:"at"`
	// Beside says of speedup what From is: "one core", or "one goroutine", whose collector has the other cores to itself; of load
	// "without park" where that optimisation was dropped.
	Beside string `json:"beside,omitempty"`
	// From is what is compared with: of speedup the runs a second of Beside times the number of cores, of load and blocked the figure with 1,000 runs in
	// flight, of footprint that with the fewest. To is the figure At. All figures are medians of the rounds; the runs a second of load and blocked are by
	// CPU time, those of speedup by the clock.
	From float64 `json:"from"`
	To   float64 `json:"to"`
	// Ratio is the median of To/From of each round, Low and High its 95 % interval, or where rounds are few their least and largest. Of the first of
	// footprint it is how the rounds lie round their median.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// RefFrom to RefHigh are those of plain Go: what the machine and Go's runtime have to do with it.
	RefFrom  float64 `json:"ref_from"`
	RefTo    float64 `json:"ref_to"`
	RefRatio float64 `json:"ref_ratio"`
	RefLow   float64 `json:"ref_low"`
	RefHigh  float64 `json:"ref_high"`
	// Least and Most are the bounds of Ratio that Met tells of; 0: none.
	Least  float64 `json:"least,omitzero"`
	Most   float64 `json:"most,omitzero"`
	Met    bool    `json:"met"`
	Rounds int     `json:"rounds"`
}

// Comparison is a workload with every optimisation (On) and with none (Off).
type Comparison struct {
	Workload string `json:"workload"`
	Unit     string `json:"unit"`
	On       Side   `json:"on"`
	Off      Side   `json:"off"`
	// Ratio is the median of on/off of each round, Low and High its 95 % interval; Significant: 1 is not in it.
	Ratio       float64 `json:"ratio"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	Significant bool    `json:"significant"`
	Rounds      int     `json:"rounds"`
}

// Side is what one side of a comparison takes for an operation.
type Side struct {
	// Ns is CPU time, Wall time on the clock, both medians of the rounds in nanoseconds.
	Ns   float64 `json:"ns"`
	Wall float64 `json:"wall_ns"`
	// P50, P95 and P99 are of single operations by the clock, in nanoseconds; Tail is P99/P50.
	P50  float64 `json:"p50_ns"`
	P95  float64 `json:"p95_ns"`
	P99  float64 `json:"p99_ns"`
	Tail float64 `json:"p99_over_p50"`
	// Allocs and Bytes are of one operation; GC is the collector's cycles in a million of them.
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
	GC     float64 `json:"gc_per_million"`
}

// HitRate is what one cache answers of one sequence of keys.
type HitRate struct {
	Cache    string `json:"cache"`
	Workload string `json:"workload"`
	Entries  int    `json:"entries"`
	Asked    int    `json:"asked"`
	// Rate is hits / asked, 0 to 1. Best is that of a cache which knows the future (Belady's), which no other beats.
	Rate float64 `json:"rate"`
	Best float64 `json:"best"`
}
