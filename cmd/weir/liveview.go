package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// liveView redraws a tree of the steps in place, ten times a second, until the answer is printed on the same terminal.
type liveView struct {
	track
	answer
	err    io.Writer
	colour bool
	size   func() (width, height int)
	stop   chan struct{}
	done   sync.WaitGroup
	drawn  int // lines that stand on the screen
	held   bool
	last   *plan.Site // the step whose answer is being printed; nil: none
}

// redraw is the time between two pictures.
const redraw = 100 * time.Millisecond

func newLiveView(t terminal) *liveView {
	file, _ := t.err.(*os.File)
	v := &liveView{answer: answer{output: output{t.out}, live: isTerminal(t.out)}, err: t.err, colour: os.Getenv("NO_COLOR") == "", stop: make(chan struct{}),
		size: func() (int, int) {
			if file != nil {
				if w, h, err := term.GetSize(int(file.Fd())); err == nil && w > 20 && h > 4 {
					return w, h
				}
			}
			return 100, 40
		}}
	v.told = v.event
	return v
}

func (v *liveView) begin(p *plan.Program) {
	v.track.begin(p)
	v.expect(p)
	v.done.Go(func() {
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				v.draw(false)
			case <-v.stop:
				return
			}
		}
	})
}

func (v *liveView) finish(r *weir.Result[any], err error) error {
	close(v.stop)
	v.done.Wait()
	if !v.printed() {
		v.draw(true)
		fmt.Fprintf(v.err, "\n%s\n", closing(r, err))
		return v.answer.finish(r.Output, err != nil)
	}
	werr := v.answer.finish(r.Output, err != nil)
	last := v.last
	fmt.Fprintf(v.err, "\n%s\n%s\n", v.step(last, len([]rune(last.Segment)), 100), closing(r, err))
	return werr
}

// hold leaves the screen to others until release.
func (v *liveView) hold() (release func()) {
	v.draw(false)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.held = true
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.held, v.drawn = false, 0
	}
}

// event prints a part of the answer, below the picture as it then is.
func (v *liveView) event(e *telemetry.Event, s *plan.Site, _ *progress) {
	if e.Type != telemetry.AgentChunk {
		return
	}
	if !v.printed() {
		v.last = s
		v.picture(true)
		fmt.Fprintln(v.err)
	}
	v.part(e.Text)
}

// draw puts the picture over the last one, unless the answer stands below it or others have the screen.
func (v *liveView) draw(final bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.printed() && !v.held {
		v.picture(final)
	}
}

// picture draws. The last picture of all shows every line, also past the screen's height. The caller holds mu.
func (v *liveView) picture(final bool) {
	width, height := v.size()
	lines := v.lines(width)
	if most := height - 1; !final && len(lines) > most {
		lines = append(lines[:most-1], v.paint(dim, fmt.Sprintf("… %d more", len(lines)-most+1)))
	}
	var b strings.Builder
	if v.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", v.drawn)
	}
	for _, l := range lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	v.drawn = len(lines)
	io.WriteString(v.err, b.String())
}

// lines are the picture: a line a step that is shown.
func (v *liveView) lines(width int) []string {
	names := 0
	for _, s := range v.sites {
		if !hidden(s) {
			names = max(names, 2*depth(s)+len([]rune(s.Segment)))
		}
	}
	names = min(names, width/2)
	var lines []string
	for _, s := range v.sites {
		if !hidden(s) {
			lines = append(lines, v.step(s, names, width))
		}
	}
	return lines
}

// step is the line of one step: mark, name, time, and what it has done.
func (v *liveView) step(s *plan.Site, names, width int) string {
	p, status := &v.steps[s.Index], v.state(s)
	elapsed := p.elapsed
	if status == plan.Running && !p.begun.IsZero() {
		elapsed += time.Since(p.begun)
	}
	clock := ""
	if elapsed > 0 {
		clock = short(elapsed)
	}
	name := cut(strings.Repeat("  ", depth(s))+s.Segment, names)
	left := fmt.Sprintf("%s %-*s  %8s", mark(status), names, name, clock)
	facts := strings.Join(nonEmpty(v.bar(p, status, elapsed), repeated(p, s), spent(v.total(s)), p.problem), "  ")
	left = cut(left+"  "+facts, width-1)
	return v.paint(colourOf(status), left)
}

// total is what a step and those below it have used.
func (v *liveView) total(s *plan.Site) usage.Usage { return v.below(s) }

// bar draws how far a map has come: the bar, n of m, rate, time left.
func (v *liveView) bar(p *progress, status plan.Status, elapsed time.Duration) string {
	text := counted(p, elapsed)
	if text == "" || p.total <= 0 || status != plan.Running {
		return text
	}
	const cells = 20
	full := min(cells, cells*p.done/p.total)
	left := ""
	if p.done > 0 {
		left = ", " + short(time.Duration(float64(elapsed)*float64(p.total-p.done)/float64(p.done))) + " left"
	}
	return strings.Repeat("█", full) + strings.Repeat("░", cells-full) + " " + text + left
}

// repeated is how often a step ran, when that was not once.
func repeated(p *progress, s *plan.Site) string {
	var parts []string
	if p.count > 1 {
		parts = append(parts, fmt.Sprintf("%s times", grouped(p.count)))
	}
	if p.failures > 0 && p.count > 1 {
		parts = append(parts, fmt.Sprintf("%d failed", p.failures))
	}
	if p.retries > 0 {
		parts = append(parts, fmt.Sprintf("%d retries", p.retries))
	}
	return strings.Join(parts, ", ")
}

// The colours of the picture, as ANSI codes.
const (
	plainColour = ""
	dim         = "2"
	green       = "32"
	red         = "31"
	bold        = "1"
)

func (v *liveView) paint(code, text string) string {
	if !v.colour || code == plainColour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func colourOf(s plan.Status) string {
	switch s {
	case plan.Completed:
		return green
	case plan.Failed:
		return red
	case plan.Running:
		return bold
	case plan.NotRun:
		return dim
	}
	return plainColour
}

func mark(s plan.Status) string {
	switch s {
	case plan.Completed:
		return "✓"
	case plan.Failed:
		return "✗"
	case plan.Running:
		return "●"
	case plan.Canceled, plan.Paused:
		return "‖"
	}
	return "·"
}

// cut shortens text to n runes and takes line breaks out of it.
func cut(text string, n int) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) <= n || n < 1 {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// isTerminal says that a reader or writer is a terminal.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
