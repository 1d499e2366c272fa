package bench

// Report is what a Suite found. Its JSON is a format that scripts may rely on.
type Report struct {
	// Machine says where it was measured.
	Machine Machine `json:"machine"`
	// Targets are the seed's, Ablation what each optimisation alone buys, Reference the workloads against plain Go.
	Targets   []Target   `json:"targets"`
	Ablation  []Ablation `json:"ablation"`
	Reference []Figure   `json:"reference"`
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
}

// Ablation is what one optimisation buys on one workload: with all on, and with this one off.
type Ablation struct {
	Name     string  `json:"name"`
	Workload string  `json:"workload"`
	Unit     string  `json:"unit"`
	On       float64 `json:"on"`
	Off      float64 `json:"off"`
	// Gain is the fraction that is saved: (off - on) / off.
	Gain float64 `json:"gain"`
	// Significant says that the gain lies outside of what chance makes of equal figures.
	Significant bool `json:"significant"`
}

// Figure is one reference workload beside plain Go that does the same.
type Figure struct {
	// Workload is seq10, seq10s, par8, loop100, concurrent or inflight.
	Workload string  `json:"workload"`
	Ns       float64 `json:"ns"`
	RefNs    float64 `json:"ref_ns"`
	// Ratio is the median of the ratios of one round, not the ratio of the medians.
	Ratio  float64 `json:"ratio"`
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
}
