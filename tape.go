package weir

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/weirflow/weir/engine"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
)

// tape keeps events in their order. Most say no more than that a step began or ended, and when: those take a few bytes each. All others, and
// in plans without the optimisation "tape" every one, are kept as they are: the plain twin, in the idiom of a slice of events.
type tape struct {
	job     *engine.Job // of the run
	program *plan.Program
	code    []byte
	rest    *rest // nil: there is nothing of that
}

// rest is what few runs have: events that are kept as they are, and a tape whose beginning was let go.
type rest struct {
	events []telemetry.Event
	from   cursor // where the tape begins
	oldest cursor // the first event that may be read
	text   int    // bytes of Event.Text that are kept
}

// cursor is a place on a tape: of the event with a number, counted from the run's beginning, as are bytes and whole events.
type cursor struct{ number, code, whole int }

// shortTypes are the types of events that may be kept in short; on the tape each is its number, and the number after them is a whole one.
var shortTypes = [...]telemetry.Type{telemetry.StepStarted, telemetry.StepCompleted, telemetry.RunStarted, telemetry.RunResumed, telemetry.RunCompleted}

// put adds an event at the end.
func (t *tape) put(e *telemetry.Event) {
	if !t.program.Plain[optTape] && t.short(e) {
		return
	}
	t.code = append(t.code, byte(len(shortTypes)))
	r := t.more()
	r.events = append(r.events, *e)
}

// more makes the rest on first use.
func (t *tape) more() *rest {
	if t.rest == nil {
		t.rest = &rest{}
	}
	return t.rest
}

// oldest is the first event that may be read.
func (t *tape) oldest() cursor {
	if t.rest == nil {
		return cursor{}
	}
	return t.rest.oldest
}

// short adds an event in short, if nothing of it is lost by that.
func (t *tape) short(e *telemetry.Event) bool {
	sort := slices.Index(shortTypes[:], e.Type)
	if sort < 0 || e.Err != nil || e.Site >= len(t.program.Sites) {
		return false
	}
	path := ""
	if e.Site >= 0 && e.Path != t.program.Sites[e.Site].Path {
		path = e.Path // with numbers of rounds
	}
	before := len(t.code)
	b := append(t.code, byte(sort))
	b = binary.AppendVarint(b, int64(e.Site))
	b = binary.AppendVarint(b, int64(e.At))
	b = binary.AppendVarint(b, int64(e.Elapsed))
	b = binary.AppendUvarint(b, uint64(len(path)))
	t.code = append(b, path...)
	if got, _ := t.lengthened(t.code[before:]); got != *e {
		t.code = t.code[:before]
		return false
	}
	return true
}

// read gives the event at a cursor and moves it to the next.
func (t *tape) read(at *cursor) telemetry.Event {
	from := t.from()
	code := t.code[at.code-from.code:]
	at.number++
	if int(code[0]) == len(shortTypes) {
		at.code, at.whole = at.code+1, at.whole+1
		return t.rest.events[at.whole-1-from.whole]
	}
	e, n := t.lengthened(code)
	at.code += n
	return e
}

// lengthened gives the event that code begins with, and how many bytes it takes.
func (t *tape) lengthened(code []byte) (telemetry.Event, int) {
	rest := code[1:]
	site, at, elapsed := varint(&rest), varint(&rest), varint(&rest)
	n, w := binary.Uvarint(rest)
	path := rest[w : w+int(n)]
	e := telemetry.Event{
		Type: shortTypes[code[0]], Run: t.job.ID, Site: int(site), At: time.Duration(at), Elapsed: time.Duration(elapsed),
	}
	if site >= 0 {
		s := t.program.Sites[site]
		if e.Path, e.Kind = s.Path, s.Kind; len(path) > 0 {
			e.Path = string(path)
		}
	}
	return e, len(code) - len(rest) + w + len(path)
}

// varint takes a number from the front.
func varint(code *[]byte) int64 {
	v, n := binary.Varint(*code)
	*code = (*code)[n:]
	return v
}

// from is where the tape begins.
func (t *tape) from() cursor {
	if t.rest == nil {
		return cursor{}
	}
	return t.rest.from
}

// least is how much is cut away at once: cutting moves all that stays.
const least = 4096

// drop forgets the oldest event. Its memory is let go much at a time.
func (t *tape) drop() {
	r := t.more()
	before := r.oldest.whole
	r.text -= len(t.read(&r.oldest).Text)
	if r.oldest.whole > before {
		r.events[before-r.from.whole] = telemetry.Event{} // what it holds is not kept until then
	}
	if n := r.oldest.code - r.from.code; n > max(least, len(t.code)/2) {
		t.code = slices.Delete(t.code, 0, n)
		r.events = slices.Delete(r.events, 0, r.oldest.whole-r.from.whole)
		r.from = r.oldest
	}
}

// clip gives memory back that is not used.
func (t *tape) clip() {
	t.code = slices.Clip(slices.Clone(t.code))
	if r := t.rest; r != nil {
		r.events = slices.Clip(slices.Clone(r.events))
	}
}
