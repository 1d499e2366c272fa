package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// lineView prints a plain line when something ends: for logs and pipes.
type lineView struct {
	track
	answer
	err  io.Writer
	next map[int]time.Time // when a map's progress is due again
}

// progressLine is how often a long map prints a line.
const progressLine = 2 * time.Second

func newLineView(t terminal) *lineView {
	v := &lineView{answer: answer{output: output{t.out}, live: isTerminal(t.out)}, err: t.err, next: map[int]time.Time{}}
	v.told = v.line
	return v
}

func (v *lineView) begin(p *plan.Program) {
	v.track.begin(p)
	v.expect(p)
}

// line prints an event that a reader of a log wants to see.
func (v *lineView) line(e *telemetry.Event, s *plan.Site, p *progress) {
	if hidden(s) || e.Replayed {
		return
	}
	switch e.Type {
	case telemetry.StepStarted:
		v.next[s.Index] = time.Now().Add(progressLine)
	case telemetry.StepProgress:
		if e.Done != e.Total && time.Now().After(v.next[s.Index]) {
			v.next[s.Index] = time.Now().Add(progressLine)
			v.print(e.Path, counted(p, time.Since(p.begun)))
		}
	case telemetry.AgentChunk:
		v.part(e.Text)
	case telemetry.StepRetry:
		next := "next at once"
		if e.Wait > 0 {
			next = "next in " + short(e.Wait)
		}
		v.print(e.Path, fmt.Sprintf("attempt %d failed, %s: %s", e.Attempt, next, e.Error))
	case telemetry.StepCompleted:
		v.print(e.Path, strings.Join(nonEmpty("done in "+short(e.Elapsed), counted(p, e.Elapsed), spent(e.Usage)), ", "))
	case telemetry.StepFailed:
		verb := "failed after "
		if canceled(e) {
			verb = "stopped after "
		}
		v.print(e.Path, verb+short(e.Elapsed)+": "+e.Error)
	}
}

func (v *lineView) print(path, text string) {
	fmt.Fprintf(v.err, "%8s  %-24s  %s\n", short(time.Since(v.begun)), path, text)
}

func (v *lineView) finish(r *weir.Result[any], err error) error {
	fmt.Fprintln(v.err, closing(r, err))
	return v.answer.finish(r.Output, err != nil)
}

// closing is the last line about a run.
func closing(r *weir.Result[any], err error) string {
	facts := nonEmpty(fmt.Sprintf("%s in %s", r.Status, short(r.Elapsed)), plural(int(r.Metrics.Executions), "step execution"), spent(r.Usage))
	text := strings.Join(facts, ", ")
	switch {
	case err != nil && r.Status == weir.Paused:
		var b strings.Builder
		waiting(&b, r)
		return text + "\n" + strings.TrimRight(b.String(), "\n")
	case err != nil:
		return text + "\n" + mend(err)
	}
	return text
}

// counted is how far a step of many parts has come, "" for one that is not.
func counted(p *progress, in time.Duration) string {
	if p.total == 0 && p.done == 0 {
		return ""
	}
	text := fmt.Sprintf("%s of %s", grouped(p.done), grouped(p.total))
	if p.total < 0 {
		text = grouped(p.done)
	}
	if secs := in.Seconds(); secs > 0.001 {
		text += fmt.Sprintf(" (%s/s)", grouped(int(float64(p.done)/secs)))
	}
	return text
}

// spent is what was used, "" for nothing.
func spent(u usage.Usage) string {
	var parts []string
	if n := u.Tokens(); n > 0 {
		parts = append(parts, grouped(int(n))+" tokens")
	}
	if u.Cost > 0 {
		parts = append(parts, usage.FormatCost(u.Cost))
	}
	return strings.Join(parts, ", ")
}

func nonEmpty(parts ...string) []string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return list
}

// plural counts things: 1 step, 2,000 steps.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return grouped(n) + " " + thing
}

// grouped writes a number with commas.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// short writes a time with about three digits.
func short(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return d.Round(time.Minute).String()
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return fmt.Sprintf("%.2fs", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%dms", d.Milliseconds())
	}
	return fmt.Sprintf("%dµs", d.Microseconds())
}
