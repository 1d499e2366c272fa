package journal

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unique"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// unpacker reads what a packer wrote. Names are parts of the one text that it reads from; what may be kept for long, as values and requests
// are, has memory of its own.
type unpacker struct {
	data   string
	values []any
	copier *state.Copier
}

// record gives the next record; seq is its number.
func (u *unpacker) record(r *Record, seq int64) {
	t, has := u.head(r)
	r.Version, r.Seq = Version, seq
	if t == otherType {
		r.Type = Type(u.kept())
	}
	u.names(r, has)
	if has&hasValue != 0 {
		r.Value = u.value()
	}
	if has&hasElapsed != 0 {
		r.Elapsed = time.Duration(u.signed())
	}
	if has&hasUsage != 0 {
		r.Usage = usage.Usage{Requests: u.signed(), InputTokens: u.signed(), CachedTokens: u.signed(),
			OutputTokens: u.signed(), ReasoningTokens: u.signed(), Cost: u.signed()}
	}
	if has&hasFailure != 0 {
		r.Failure = u.failure()
	}
	if has&hasRequest != 0 {
		r.Request = u.request(r)
	}
	u.rare(r, has)
}

// maxHead is more than the bytes of a head: a type, and three numbers.
const maxHead = 32

// peek gives the head of a record. Without values, the time is in the process's place where it was read in another than here and UTC.
func peek(data []byte, values []any) (r Record) {
	u := unpacker{data: string(data[:min(len(data), maxHead)]), values: values}
	u.head(&r)
	return r
}

// head reads how a record begins: its type, what it holds, when it was written and, in the first of a run, its plan.
func (u *unpacker) head(r *Record) (t byte, has uint32) {
	t, has = u.octet(), uint32(u.number())
	if t != otherType {
		r.Type = packedTypes[t]
	}
	r.At = u.moment()
	if has&hasPlan != 0 && len(u.values) > 0 {
		r.Plan = u.next().(unique.Handle[string]).Value()
	}
	switch {
	case has&atOther != 0 && len(u.values) > 0:
		r.At = r.At.In(u.next().(*time.Location))
	case has&atLocal == 0:
		r.At = r.At.UTC()
	}
	return t, has
}

// names reads what packer.names wrote.
func (u *unpacker) names(r *Record, has uint32) {
	if has&hasKey != 0 {
		r.Key = u.text()
	}
	switch {
	case has&pathIsKey != 0:
		r.Path = r.Key
	case has&hasPath != 0:
		r.Path = u.text()
	}
	switch {
	case has&oneAttempt != 0:
		r.Attempt = 1
	case has&hasAttempt != 0:
		r.Attempt = int(u.signed())
	}
	switch {
	case has&hexKey != 0:
		r.Idempotency = hex.EncodeToString([]byte(u.cut(16)))
	case has&hasIdempotency != 0:
		r.Idempotency = u.kept()
	}
}

// rare reads what packer.rare wrote.
func (u *unpacker) rare(r *Record, has uint32) {
	if has&hasState != 0 {
		r.State = slices.Clone(u.next().([]state.Write))
		for i := range r.State {
			r.State[i].Value = u.copier.Copy(r.State[i].Value)
		}
	}
	if has&hasNotes != 0 {
		r.Notes = u.copier.Copy(u.next()).(map[string]any)
	}
	r.Kept = has&isKept != 0
	if has&hasLimits != 0 {
		r.Limits = u.next().(unique.Handle[usage.Limits]).Value()
	}
	if has&hasVersion != 0 {
		r.Version = int(u.signed())
	}
}

// octet reads a byte, cut n bytes, next a value from the list.
func (u *unpacker) octet() byte { return u.cut(1)[0] }

func (u *unpacker) cut(n int) string {
	s := u.data[:n]
	u.data = u.data[n:]
	return s
}

func (u *unpacker) next() any {
	v := u.values[0]
	u.values = u.values[1:]
	return v
}

// number reads a number, seven bits in a byte, as encoding/binary writes it.
func (u *unpacker) number() (n uint64) {
	for shift := 0; ; shift += 7 {
		b := u.octet()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (u *unpacker) signed() int64 {
	n := u.number()
	return int64(n>>1) ^ -int64(n&1)
}

// text reads a text that is part of data, kept one with memory of its own.
func (u *unpacker) text() string {
	n := u.number()
	if n&1 == 1 {
		return u.next().(string)
	}
	return u.cut(int(n >> 1))
}

func (u *unpacker) kept() string {
	n := u.number()
	if n&1 == 1 {
		return u.next().(string)
	}
	return strings.Clone(u.cut(int(n >> 1)))
}

func (u *unpacker) value() any {
	switch u.octet() {
	case textual:
		return u.kept()
	case whole:
		return int(u.signed())
	case no:
		return false
	case yes:
		return true
	}
	return u.copier.Copy(u.next())
}

// moment reads a time, at this place.
func (u *unpacker) moment() time.Time {
	sec := u.signed()
	return time.Unix(sec+epoch, int64(u.number()))
}

// placed reads a time with its place.
func (u *unpacker) placed() time.Time {
	switch u.octet() {
	case 1:
		return u.moment()
	case 2:
		in := u.next().(*time.Location)
		return u.moment().In(in)
	}
	return u.moment().UTC()
}

func (u *unpacker) failure() *Failure {
	has := u.octet()
	f := &Failure{Permanent: has&permanent != 0, Code: plan.Code(u.kept()), Text: u.kept()}
	if has&isPause != 0 {
		f.Text = pausePrefix + f.Text
	}
	if has&hasCodes != 0 {
		f.Codes = slices.Clone(u.next().([]plan.Code))
	}
	if has&hasClass != 0 {
		f.Class = plan.Class(u.kept())
	}
	if has&hasAfter != 0 {
		f.After = time.Duration(u.signed())
	}
	if has&hasPlace != 0 {
		f.Path, f.Kind, f.Attempt = u.kept(), u.kept(), int(u.signed())
	}
	return f
}

func (u *unpacker) request(r *Record) *Request {
	has := u.octet()
	q := &Request{ID: r.Key, Path: r.Path, Question: u.kept(), Asked: r.At}
	if has&idIsKey == 0 {
		q.ID = u.text()
	}
	q.ID = strings.Clone(q.ID)
	if has&pathIsPath == 0 {
		q.Path = u.text()
	}
	q.Path = strings.Clone(q.Path)
	if has&askedIsAt == 0 {
		q.Asked = u.placed()
	}
	if has&hasDeadline != 0 {
		q.Deadline = u.placed()
	}
	if has&hasForm != 0 {
		f := u.next().(*Form).copied()
		q.Schema, q.Options, q.Assignees = f.Schema, f.Options, f.Assignees
	}
	return q
}
