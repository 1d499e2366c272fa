package retry

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir/plan"
)

// shownWaits is how many waits Explain lists one by one.
const shownWaits = 3

// Explain says how often the step is tried, after which failures, and how long is waited between.
func (p *policy) Explain() string {
	if p.attempts <= 1 {
		return "tries once"
	}
	text := "tries up to " + plan.Count(p.attempts, "time")
	if len(p.only) > 0 {
		text += ", again only after " + classes(p.only)
	}
	if len(p.when) > 0 {
		text += ", when a Go function finds the failure worth it"
	}
	if p.initial == 0 {
		return text + ", at once"
	}
	text += ", waiting " + p.waits()
	if len(p.slow) > 0 {
		text += " after " + classes(p.slow) + ", at once after other failures"
	}
	return text
}

// waits lists the waits between the attempts.
func (p *policy) waits() string {
	var list []string
	n := min(p.attempts-1, shownWaits)
	for i := range n {
		wait := p.longest
		if d := float64(p.initial) * math.Pow(p.factor, float64(i)); d < float64(p.longest) {
			wait = time.Duration(d)
		}
		list = append(list, plan.Span(wait))
	}
	text := strings.Join(list, ", then ")
	if p.attempts-1 > n && p.factor > 1 && list[n-1] != plan.Span(p.longest) {
		text += " and so on up to " + plan.Span(p.longest)
	}
	if p.factor == 1 || len(list) > 1 && list[0] == list[n-1] {
		text = list[0]
	}
	if p.jitter > 0 {
		text += " (shortened at random by up to " + strconv.Itoa(int(math.Round(100*p.jitter))) + " %" + ")"
	}
	return text
}

// classes names what failed, in words.
func classes(list []plan.Class) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = inWords(c)
	}
	return plan.Enumerate(words...)
}

// inWords is a class of failures as a reader says it.
func inWords(c plan.Class) string {
	switch c {
	case plan.ClassNone:
		return "ordinary failures"
	case plan.ClassRateLimit:
		return "rate limits"
	case plan.ClassTimeout:
		return "timeouts"
	case plan.ClassNetwork:
		return "network failures"
	case plan.ClassAuth:
		return "refused credentials"
	case plan.ClassBadRequest:
		return "bad requests"
	case plan.ClassContextLength:
		return "prompts that are too long"
	case plan.ClassContentFilter:
		return "answers that a content filter stopped"
	case plan.ClassInvalidOutput:
		return "answers of the wrong form"
	case plan.ClassPanic:
		return "panics"
	}
	return strings.ReplaceAll(string(c), "_", " ") // overload
}
