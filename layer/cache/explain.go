package cache

import "github.com/weirflow/weir/plan"

// Explain says how long results are kept, and what finds them.
func (l *layer) Explain() string {
	text := "answers from an earlier success with the same input"
	if l.by != nil {
		text = "answers from an earlier success with the same key"
	}
	switch {
	case l.ttl > 0:
		return text + ", for " + plan.Span(l.ttl)
	case l.ttl == 0:
		return text + ", for ever"
	}
	return text + ", as long as the cache keeps it"
}
