package cache

import "github.com/weirflow/weir/usage"

// Entry is what is kept of a step's success.
type Entry struct {
	// Output is what the step returned; nil is an output like others.
	Output any
	// Usage is what was used to get it.
	Usage usage.Usage
	// Notes are the facts that the step noted, by key.
	Notes map[string]any
}

// The keys of an entry as a map.
const (
	outputKey = "output"
	usageKey  = "usage"
	notesKey  = "notes"
)

// Map gives the entry as a map of values that every codec knows, but for those of the output and the notes, which it shares.
func (e Entry) Map() map[string]any {
	u := e.Usage
	m := map[string]any{
		outputKey: e.Output,
		usageKey:  []int64{u.Requests, u.InputTokens, u.CachedTokens, u.OutputTokens, u.ReasoningTokens, u.Cost},
	}
	if len(e.Notes) > 0 {
		m[notesKey] = e.Notes
	}
	return m
}

// EntryOf gives the entry of a map. What is missing in it or of another type is left out.
func EntryOf(m map[string]any) Entry {
	e := Entry{Output: m[outputKey]}
	e.Notes, _ = m[notesKey].(map[string]any)
	if n, _ := m[usageKey].([]int64); len(n) == 6 {
		e.Usage = usage.Usage{
			Requests: n[0], InputTokens: n[1], CachedTokens: n[2], OutputTokens: n[3], ReasoningTokens: n[4], Cost: n[5],
		}.Clamp()
	}
	return e
}
