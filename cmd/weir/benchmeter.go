package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/weirflow/weir/bench"
)

// meterView says what is being measured: a bar that is drawn anew on a terminal, a line for each figure elsewhere. It draws only when
// the suite tells it something: a clock of its own would take CPU time that is being measured.
type meterView struct {
	err    io.Writer
	quiet  bool
	live   bool
	width  int
	budget time.Duration
}

func newMeterView(t terminal, quiet bool, budget time.Duration) *meterView {
	return &meterView{err: t.err, quiet: quiet, live: isTerminal(t.err), width: columns(t.err), budget: budget}
}

// told shows how far the suite has come.
func (v *meterView) told(p bench.Progress) {
	switch {
	case v.quiet || p.What == "" && !v.live:
	case v.live:
		fmt.Fprint(v.err, "\r\x1b[K"+cut(v.text(p), v.width-1))
	default:
		fmt.Fprintf(v.err, "%3d of %d  %s\n", min(p.Done+1, p.Total), p.Total, p.What)
	}
}

// end takes the bar away.
func (v *meterView) end() {
	if v.live && !v.quiet {
		fmt.Fprint(v.err, "\r\x1b[K")
	}
}

// text is the bar: how much is done, what is measured, how long it will take.
func (v *meterView) text(p bench.Progress) string {
	const cells = 20
	full := 0
	if p.Total > 0 {
		full = min(cells, cells*p.Done/p.Total)
	}
	return strings.Repeat("█", full) + strings.Repeat("░", cells-full) + " " + strings.Join(nonEmpty(fmt.Sprintf("%d of %d", p.Done, p.Total), v.left(p), p.What), "  ")
}

// left is the time that is left: by what the figures until now took, and no more than the budget.
func (v *meterView) left(p bench.Progress) string {
	left := max(0, v.budget-p.Elapsed)
	if p.Done > 0 {
		left = min(left, time.Duration(float64(p.Elapsed)*float64(p.Total-p.Done)/float64(p.Done)))
	}
	if left < time.Second {
		return "<1s left"
	}
	return left.Round(time.Second).String() + " left"
}
