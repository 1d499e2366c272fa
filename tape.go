package weir

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// tape keeps events in their order. Most say no more than that a step or the run began or ended, when and by which error: those take a few
// bytes each. All others, and in plans without the optimisation "tape" every one, are kept as they are: the plain twin, in the idiom of a
// slice of events.
//
// What all events of a run have in common is not on it: who reads or adds gives the origin.
type tape struct {
	code []byte
	rest *rest // nil: there is nothing of that
}

// origin is where the events of a tape come from.
type origin struct {
	run     string
	program *plan.Program
}

// rest is what few events have: an error, or so much that they are kept as they are; and a tape whose beginning was let go.
type rest struct {
	kept   []any  // for each such event its error or the *telemetry.Event
	from   cursor // where the tape begins
	oldest cursor // the first event that may be read
	text   int    // bytes of Event.Text that are kept
}

// cursor is a place on a tape: of the event with a number, counted from the run's beginning, as are bytes and what is kept beside them.
type cursor struct{ number, code, kept int }

// shortTypes are the types of events that may be kept in short. On the tape an event begins with the number of its type, and has marks
// there for what follows.
var shortTypes = [...]telemetry.Type{
	telemetry.StepStarted, telemetry.StepCompleted, telemetry.StepFailed, telemetry.StepPaused,
	telemetry.RunStarted, telemetry.RunResumed, telemetry.RunCompleted, telemetry.RunFailed, telemetry.RunPaused,
}

const (
	typeBits = 0x0f
	withKept = 0x10                // an error, or the event
	withTime = 0x20                // Elapsed
	withTry  = 0x40                // Attempt
	withPath = 0x80                // one with numbers of rounds
	asItIs   = typeBits | withKept // instead of a type: the event is kept
)

// put adds an event at the end.
func (t *tape) put(of origin, e *telemetry.Event) {
	if !of.program.Plain[optTape] && t.short(of, e) {
		return
	}
	t.code = append(t.code, asItIs)
	r, whole := t.more(), *e
	r.kept = append(r.kept, &whole)
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
func (t *tape) short(of origin, e *telemetry.Event) bool {
	sort := slices.Index(shortTypes[:], e.Type)
	if sort < 0 || e.Site >= len(of.program.Sites) || !of.says(e) {
		return false
	}
	failed, ok := e.Err.(*plan.StepError)
	if e.Err != nil && !ok || !placedAs(e, failed) {
		return false
	}
	mark := byte(sort)
	if failed != nil {
		mark |= withKept
	}
	if t.code == nil {
		t.code = make([]byte, 0, 24) // for four events, after which many runs wait
	}
	before := len(t.code)
	b := append(t.code, 0)
	b = binary.AppendVarint(b, int64(e.Site))
	b = binary.AppendVarint(b, int64(e.At))
	if e.Elapsed != 0 {
		mark |= withTime
		b = binary.AppendVarint(b, int64(e.Elapsed))
	}
	if e.Attempt != 0 {
		mark |= withTry
		b = binary.AppendVarint(b, int64(e.Attempt))
	}
	if e.Site >= 0 && e.Path != of.program.Sites[e.Site].Path {
		mark |= withPath
		b = binary.AppendUvarint(b, uint64(len(e.Path)))
		b = append(b, e.Path...)
	}
	b[before] = mark
	t.code = b
	if failed != nil {
		r := t.more()
		r.kept = append(r.kept, failed)
	}
	return true
}

// says says that an event has nothing which the tape in short does not tell or know, but for its error.
func (of origin) says(e *telemetry.Event) bool {
	kind := ""
	if e.Site >= 0 {
		kind = of.program.Sites[e.Site].Kind
	} else if e.Path != "" {
		return false
	}
	return e.Run == of.run && e.Kind == kind && e.Wait == 0 && e.Done == 0 && e.Total == 0 && e.Text == "" && !e.Replayed && e.Usage == usage.Usage{}
}

// placedAs says that the error of an event is told by what failed, which is nil where nothing did.
func placedAs(e *telemetry.Event, failed *plan.StepError) bool {
	if failed == nil {
		return e.Code == "" && e.Error == ""
	}
	return e.Code == string(failed.Code) && e.Error == textOf(failed, e.Site)
}

// textOf is what an event says of a failure: where the step is said, without it.
func textOf(failed *plan.StepError, site int) string {
	if site >= 0 && failed.Err != nil {
		return failed.Err.Error()
	}
	return failed.Error()
}

// read gives the event at a cursor and moves it to the next.
func (t *tape) read(of origin, at *cursor) telemetry.Event {
	from := t.from()
	code := t.code[at.code-from.code:]
	at.number++
	var kept any
	if code[0]&withKept != 0 {
		kept = t.rest.kept[at.kept-from.kept]
		at.kept++
	}
	if whole, ok := kept.(*telemetry.Event); ok {
		at.code++
		return *whole
	}
	failed, _ := kept.(*plan.StepError)
	e, n := of.lengthened(code, failed)
	at.code += n
	return e
}

// lengthened gives the event that code begins with, and how many bytes it takes.
func (of origin) lengthened(code []byte, failed *plan.StepError) (telemetry.Event, int) {
	mark, rest := code[0], code[1:]
	e := telemetry.Event{Type: shortTypes[mark&typeBits], Run: of.run}
	e.Site, e.At = int(varint(&rest)), time.Duration(varint(&rest))
	if mark&withTime != 0 {
		e.Elapsed = time.Duration(varint(&rest))
	}
	if mark&withTry != 0 {
		e.Attempt = int(varint(&rest))
	}
	if e.Site >= 0 {
		e.Path, e.Kind = of.program.Sites[e.Site].Path, of.program.Sites[e.Site].Kind
	}
	if mark&withPath != 0 {
		n, w := binary.Uvarint(rest)
		e.Path, rest = string(rest[w:w+int(n)]), rest[w+int(n):]
	}
	if failed != nil {
		e.Err, e.Code, e.Error = failed, string(failed.Code), textOf(failed, e.Site)
	}
	return e, len(code) - len(rest)
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
func (t *tape) drop(of origin) {
	r := t.more()
	before := r.oldest.kept
	r.text -= len(t.read(of, &r.oldest).Text)
	if r.oldest.kept > before {
		r.kept[before-r.from.kept] = nil // not only then
	}
	if n := r.oldest.code - r.from.code; n > max(least, len(t.code)/2) {
		t.code = slices.Delete(t.code, 0, n)
		r.kept = slices.Delete(r.kept, 0, r.oldest.kept-r.from.kept)
		r.from = r.oldest
	}
}

// clip gives memory back that is not used.
func (t *tape) clip() {
	t.code = slices.Clip(slices.Clone(t.code))
	if r := t.rest; r != nil {
		r.kept = slices.Clip(slices.Clone(r.kept))
	}
}
