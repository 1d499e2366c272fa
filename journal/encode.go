package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// MaxRecord is how many bytes an encoded record may have, 64 MiB: four of the largest outputs of a step.
const MaxRecord = 64 << 20

// written is a record as bytes hold it: JSON, in which a codec has written the values.
type written struct {
	Version     int           `json:"v"`
	Seq         int64         `json:"seq"`
	Type        Type          `json:"type"`
	At          time.Time     `json:"at"`
	Key         string        `json:"key,omitzero"`
	Path        string        `json:"path,omitzero"`
	Attempt     int           `json:"attempt,omitzero"`
	Idempotency string        `json:"idempotency,omitzero"`
	Value       *value        `json:"value,omitzero"`
	State       []keyed       `json:"state,omitempty"`
	Kept        bool          `json:"kept,omitzero"`
	Usage       usage.Usage   `json:"usage,omitzero"`
	Elapsed     time.Duration `json:"elapsed_ns,omitzero"`
	Notes       []keyed       `json:"notes,omitempty"`
	Failure     *Failure      `json:"failure,omitzero"`
	Request     *Request      `json:"request,omitzero"`
	Plan        string        `json:"plan,omitzero"`
	Limits      *usage.Limits `json:"limits,omitzero"`
}

// keyed is a value under a name: a write to the state, a note.
type keyed struct {
	Name    string `json:"name"`
	Value   *value `json:"value,omitzero"`
	Deleted bool   `json:"deleted,omitzero"`
}

// value is what a codec wrote: JSON as it is, so that people can read it in a store, other bytes as text.
type value struct {
	json json.RawMessage
	raw  []byte
	// plain says that the codec could not write it, and that it comes back as encoding/json reads it.
	plain bool
}

// wire is a value in JSON.
type wire struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Bytes []byte          `json:"bytes,omitempty"`
	Plain json.RawMessage `json:"plain,omitempty"`
}

// MarshalJSON writes the value.
func (v *value) MarshalJSON() ([]byte, error) {
	if v.plain {
		return json.Marshal(wire{Plain: v.json})
	}
	return json.Marshal(wire{JSON: v.json, Bytes: v.raw})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *value) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	switch {
	case w.Plain != nil:
		*v = value{json: w.Plain, plain: true}
	case w.JSON != nil:
		*v = value{json: w.JSON}
	default:
		*v = value{raw: w.Bytes}
	}
	return nil
}

// Encode writes a record as bytes: for stores that keep bytes. Values are written by c; one that c cannot write is an error that names
// it. Notes are no more than facts for people: one that c cannot write is kept as encoding/json writes it, or left out.
func Encode(r *Record, c codec.Codec) ([]byte, error) {
	w := written{
		Version: r.Version, Seq: r.Seq, Type: r.Type, At: r.At, Key: r.Key, Path: r.Path, Attempt: r.Attempt, Idempotency: r.Idempotency,
		Kept: r.Kept, Usage: r.Usage, Elapsed: r.Elapsed, Failure: r.Failure, Request: r.Request, Plan: r.Plan,
	}
	if r.Limits != (usage.Limits{}) {
		w.Limits = &r.Limits
	}
	var err error
	if w.Value, err = valueOf(r.Value, c); err != nil {
		return nil, unwritable(r, "its value", err)
	}
	for _, s := range r.State {
		v, err := valueOf(s.Value, c)
		if err != nil {
			return nil, unwritable(r, "the state key "+s.Name, err)
		}
		w.State = append(w.State, keyed{Name: s.Name, Value: v, Deleted: s.Deleted})
	}
	w.Notes = notesOf(r.Notes, c)
	data, err := json.Marshal(w)
	if err == nil && len(data) > MaxRecord {
		err = fmt.Errorf("it has %d bytes, more than the %d that a record may have", len(data), MaxRecord)
	}
	if err != nil {
		return nil, unwritable(r, "it", err)
	}
	return data, nil
}

// unwritable is the error of a record that cannot be written.
func unwritable(r *Record, what string, err error) error {
	return plan.Errorf(plan.CodeJournal, "the record of %s %s cannot be written: %s: %w", r.Type, r.Key, what, err)
}

// valueOf writes a value; nil is none.
func valueOf(v any, c codec.Codec) (*value, error) {
	if v == nil {
		return nil, nil
	}
	data, err := c.Encode(v)
	if err != nil {
		return nil, err
	}
	if json.Valid(data) {
		return &value{json: data}, nil
	}
	return &value{raw: data}, nil
}

// notesOf writes notes in the order of their names.
func notesOf(notes map[string]any, c codec.Codec) []keyed {
	var list []keyed
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		v, err := valueOf(notes[name], c)
		if err != nil {
			plain, perr := json.Marshal(notes[name])
			if perr != nil {
				continue
			}
			v = &value{json: plain, plain: true}
		}
		list = append(list, keyed{Name: name, Value: v})
	}
	return list
}

// Decode reads what Encode wrote, with the same codec. The bytes may be anybody's. A record of a later format is refused.
func Decode(data []byte, c codec.Codec) (Record, error) {
	if len(data) > MaxRecord {
		return Record{}, plan.Errorf(plan.CodeJournal, "a record of %d bytes is longer than the %d that one may have", len(data), MaxRecord)
	}
	var w written
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return Record{}, plan.Errorf(plan.CodeJournal, "it is no record: %w", err)
	}
	if w.Version < 1 || w.Version > Version {
		return Record{}, plan.Errorf(plan.CodeJournal, "the record has format version %d, and this weir reads 1 to %d; use a newer one", w.Version, Version)
	}
	r := Record{
		Version: w.Version, Seq: w.Seq, Type: w.Type, At: w.At, Key: w.Key, Path: w.Path, Attempt: w.Attempt, Idempotency: w.Idempotency,
		Kept: w.Kept, Usage: w.Usage, Elapsed: w.Elapsed, Failure: w.Failure, Request: w.Request, Plan: w.Plan,
	}
	if w.Limits != nil {
		r.Limits = *w.Limits
	}
	var err error
	if r.Value, err = w.Value.read(c); err != nil {
		return Record{}, unreadable(&w, "its value", err)
	}
	for _, s := range w.State {
		v, err := s.Value.read(c)
		if err != nil {
			return Record{}, unreadable(&w, "the state key "+s.Name, err)
		}
		r.State = append(r.State, state.Write{Name: s.Name, Value: v, Deleted: s.Deleted})
	}
	for _, n := range w.Notes {
		v, err := n.Value.read(c)
		if err != nil {
			return Record{}, unreadable(&w, "the note "+n.Name, err)
		}
		if r.Notes == nil {
			r.Notes = map[string]any{}
		}
		r.Notes[n.Name] = v
	}
	return r, nil
}

func unreadable(w *written, what string, err error) error {
	return plan.Errorf(plan.CodeJournal, "record %d (%s %s) cannot be read: %s: %w", w.Seq, w.Type, w.Key, what, err)
}

// read gives the value; nil where there is none.
func (v *value) read(c codec.Codec) (any, error) {
	switch {
	case v == nil:
		return nil, nil
	case v.plain:
		var out any
		err := json.Unmarshal(v.json, &out)
		return out, err
	case v.json != nil:
		return c.Decode(v.json, nil)
	}
	return c.Decode(v.raw, nil)
}
