package cache

import "github.com/weirflow/weir/state"

// copier makes copies of entries.
type copier struct{ state.Copier }

// whole says that a copy of an entry shares nothing that changes.
func (c *copier) whole(e Entry) bool { return c.Whole(e.Output) && c.Whole(e.Notes) }

// entry is a copy of an entry.
func (c *copier) entry(e Entry) Entry {
	e.Output = c.Copy(e.Output)
	e.Notes, _ = c.Copy(e.Notes).(map[string]any)
	return e
}

// flat says that a copy of an entry is the entry itself.
func (c *copier) flat(e Entry) bool { return e.Notes == nil && c.Flat(e.Output) }
