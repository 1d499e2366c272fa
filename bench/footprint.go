package bench

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// largest is the crowd that is only held when Config.Large asks for it.
const largest = 1_000_000

// crowds are how many runs are held at a time.
func crowds(large bool) []int {
	list := []int{1_000, 10_000, 100_000}
	if large {
		list = append(list, largest)
	}
	return list
}

// footprints is how often each crowd is held; the largest once.
const footprints = 5

// measureFootprint compares the bytes of a run that is blocked in its fifth step in crowds of several sizes with those in the smallest. Parked goroutines
// show what of it is Go's.
func measureFootprint(ctx context.Context, crowds []int, o Options, r *Report) error {
	ours, plain := make([]trend, len(crowds)), make([]trend, len(crowds))
	begin := time.Now()
	for round := 0; round < min(o.Rounds, footprints) && (round == 0 || o.Limit == 0 || time.Since(begin) < o.Limit); round++ {
		var base, baseRef float64
		for i, n := range crowds {
			if n == largest && round > 0 {
				continue
			}
			bytes, ref, _, err := inflight(ctx, n)
			if err != nil {
				return fmt.Errorf("bench: %s: %d runs: %w", footprint, n, err)
			}
			if i == 0 {
				base, baseRef = bytes, ref
			}
			ours[i].add(base, bytes, ratio(bytes, base))
			plain[i].add(baseRef, ref, ratio(ref, baseRef))
		}
	}
	for _, g := range []*trend{&ours[0], &plain[0]} { // beside itself it is 1; how far the rounds lie apart tells more
		middle := Summarise(g.to).P50
		for i, bytes := range g.to {
			g.ratios[i] = ratio(bytes, middle)
		}
	}
	for i, n := range crowds {
		g := Growth{Workload: footprint, Metric: MetricBytes, Unit: "B/run", At: n}
		if i > 0 {
			g.Least, g.Most = 1-within, 1+within
		}
		r.Scale = append(r.Scale, growth(ours[i], plain[i], g))
	}
	return nil
}

// perRun is what a run of the largest crowd may take: 3 KB, its share of what the process itself needs to hold so many, and
// as much again, which the collector may let lie.
const perRun = 6 << 10

// room is an error when the machine has not the memory for n runs at a time. Where the system does not tell, there is room.
func room(n int, free int64, known bool) error {
	if need := int64(n) * perRun; known && free < need {
		return fmt.Errorf("bench: %d runs at a time take up to %.1f GB, and %.1f are free: leave out Large", n, float64(need)/(1<<30), float64(free)/(1<<30))
	}
	return nil
}

// freeMemory is how many bytes the process may still take, as the system and its control group tell.
func freeMemory() (free int64, known bool) {
	read := func(path string) string {
		text, _ := os.ReadFile(path)
		return string(text)
	}
	const group = "/sys/fs/cgroup/memory."
	return smaller(available(read("/proc/meminfo")), below(read(group+"max"), read(group+"current")))
}

// smaller is the smaller of two numbers of which either may be negative: not known.
func smaller(a, b int64) (free int64, known bool) {
	switch {
	case a < 0:
		return b, b >= 0
	case b < 0:
		return a, true
	}
	return min(a, b), true
}

// available reads MemAvailable of /proc/meminfo, which is in kB; -1: it is not there.
func available(meminfo string) int64 {
	for line := range strings.Lines(meminfo) {
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			if kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64); err == nil && kb >= 0 && kb < 1<<52 {
				return kb << 10
			}
		}
	}
	return -1
}

// below is what a control group may still take; -1: it has no limit, or there is none.
func below(limit, current string) int64 {
	top, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	now, failed := strconv.ParseInt(strings.TrimSpace(current), 10, 64)
	if err != nil || failed != nil {
		return -1
	}
	return max(0, top-now)
}
