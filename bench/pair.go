package bench

import (
	"context"
	"math"
	"time"
)

// The defaults of Options; and how few rounds are enough to count, and give an interval of 95 % at all.
const (
	DefaultRounds = 31
	DefaultWindow = 4 * time.Millisecond
	leastRounds   = 7
)

// Options say how a Pair is measured. The zero value means the defaults.
type Options struct {
	// Rounds is how often each side has its turn. 0: DefaultRounds.
	Rounds int
	// Most, if it is more, lets the rounds go on to as many while the interval of the ratio is wider than 4 %.
	Most int
	// Window is about how much CPU time a turn takes. 0: DefaultWindow.
	Window time.Duration
	// Limit is how long all rounds may take; when it is over there are no more. 0: no limit.
	Limit time.Duration
	// least is how often the work is done in a turn at the least.
	least int
}

// Measured is what one side of a Pair takes for an operation: CPU time and time on the clock in nanoseconds, allocations, bytes, and
// cycles of the collector; all but Allocs and Bytes, the least of a few countings, are medians of the rounds.
type Measured struct{ CPU, Wall, Allocs, Bytes, Cycles float64 }

// Paired is what Pair found.
type Paired struct {
	A, B Measured
	// CPU and Wall are the ratios of A to B of each round, in the order of the rounds.
	CPU, Wall []float64
	Rounds    int
}

// Pair runs two pieces of work in turn, round by round, the one first and then the other, so that what disturbs the process
// disturbs both. Each is called with how often it is to do its work. The error is the context's, or that of a work.
func Pair(ctx context.Context, a, b func(n int) error, o Options) (*Paired, error) {
	if o.Rounds == 0 {
		o.Rounds = DefaultRounds
	}
	if o.Window == 0 {
		o.Window = DefaultWindow
	}
	begin := time.Now()
	var sides [2]*side
	for i, f := range []func(int) error{a, b} {
		s := &side{run: f, n: max(1, o.least)}
		if err := s.calibrate(ctx, o.Window); err != nil {
			return nil, err
		}
		sides[i] = s
	}
	level(sides)
	p := &Paired{}
	for p.wants(o) && (p.Rounds == 0 || o.Limit == 0 || time.Since(begin) < o.Limit) {
		var turn [2]reading
		for i := range sides {
			which := (i + p.Rounds) % 2 // who is first alternates: the first of a round pays for the garbage of the other
			r, err := sides[which].turn(ctx)
			if err != nil {
				return nil, err
			}
			turn[which] = r
		}
		p.CPU = append(p.CPU, ratio(turn[0].cpu, turn[1].cpu))
		p.Wall = append(p.Wall, ratio(turn[0].wall, turn[1].wall))
		p.Rounds++
	}
	p.A, p.B = sides[0].measured(), sides[1].measured()
	return p, nil
}

// wide is the width of an interval, as a part of its median, above which more rounds are worth their time.
const wide = 0.04

// wants says that there are to be more rounds. It looks at how wide the interval is and not at where it lies, so that it cannot go on until
// chance shows a difference.
func (p *Paired) wants(o Options) bool {
	if p.Rounds < o.Rounds || p.Rounds >= o.Most {
		return p.Rounds < o.Rounds
	}
	i := p.CPURatio()
	return i.High-i.Low > wide*i.Median
}

// CPURatio is the median of the ratios of CPU time with its 95 % interval.
func (p *Paired) CPURatio() Interval { return finite(medianInterval(p.CPU, confidence), p.CPU) }

// WallRatio is that of the time on the clock.
func (p *Paired) WallRatio() Interval { return finite(medianInterval(p.Wall, confidence), p.Wall) }

// Significant says that the CPU times of the sides differ by more than chance makes of equals: 1 is outside of the 99.8 % interval of their
// ratio, and the median is at least 1 % away from it.
func (p *Paired) Significant() bool { return significant(p.CPU, 0) }

// ratio is a/b; the clock of CPU time can stand still, and then both sides count as equal.
func ratio(a, b float64) float64 {
	if a <= 0 || b <= 0 {
		return 1
	}
	return a / b
}

// side is one of two.
type side struct {
	run       func(n int) error
	n         int // how often in a window
	cpu, wall []float64
	cycles    []float64
	allocs    float64
	bytes     float64
}

// calibrate finds how many times fill a window. Work that waits uses little CPU time, so it is enough that four windows have passed on the
// clock. It warms up what the work needs, too.
func (s *side) calibrate(ctx context.Context, window time.Duration) error {
	s.allocs, s.bytes = math.Inf(1), math.Inf(1)
	for full := 0; full < 2; {
		r, err := s.turn(ctx)
		if err != nil {
			return err
		}
		if n := float64(s.n); r.cpu*n > float64(window) || r.wall*n > 4*float64(window) || s.n > 1<<40 {
			full++ // once can be somebody else's doing
			continue
		}
		s.n, full = s.n*2, 0
	}
	s.collected()
	s.cpu, s.wall, s.cycles = nil, nil, nil
	s.allocs, s.bytes = math.Inf(1), math.Inf(1)
	return nil
}

const (
	// garbage is how many bytes a window of work that allocates should make: the collector begins at 4 MiB of a small heap, and a window with
	// one cycle beside one with none tells nothing.
	garbage = 12 << 20
	// longer is how many times a window may be lengthened for that.
	longer = 8
)

// collected lengthens the window so that it has its share of the collector's work.
func (s *side) collected() {
	made := s.bytes * float64(s.n)
	if made < garbage/32 {
		return // the collector is a small part of it
	}
	for factor := longer; factor > 1 && made < garbage; factor /= 2 {
		s.n, made = s.n*2, made*2
	}
}

// level makes the windows of sides that are much alike equal. Of a window with half as much work another part is spent on the goroutines that
// it starts, and another part of it has them all: two equal plans could differ by a third.
func level(sides [2]*side) {
	a, b := sides[0], sides[1]
	if more := max(a.n, b.n); more <= longer*min(a.n, b.n) {
		a.n, b.n = more, more
	}
}

// turn does a window of work.
func (s *side) turn(ctx context.Context) (reading, error) {
	if err := ctx.Err(); err != nil {
		return reading{}, context.Cause(ctx)
	}
	before := start()
	if err := s.run(s.n); err != nil {
		return reading{}, err
	}
	r := end().since(before, s.n)
	s.cpu, s.wall, s.cycles = append(s.cpu, r.cpu), append(s.wall, r.wall), append(s.cycles, r.cycles)
	// What others in the process allocate only adds, so the least is the work's own.
	s.allocs, s.bytes = min(s.allocs, r.allocs), min(s.bytes, r.bytes)
	return r, nil
}

// measured sums a side up.
func (s *side) measured() Measured {
	return Measured{
		CPU: Summarise(s.cpu).P50, Wall: Summarise(s.wall).P50, Cycles: Summarise(s.cycles).Mean,
		Allocs: rounded(s.allocs), Bytes: rounded(s.bytes),
	}
}

// rounded leaves a hundredth: what is less is the reading's own.
func rounded(v float64) float64 { return math.Round(v*100) / 100 }
