package journal

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unique"

	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// packer packs records.
type packer struct {
	data   []byte
	values []any
	copier *state.Copier
	forms  *forms
}

// record packs r. Its number is not kept: it is the place in the run.
func (p *packer) record(r *Record) {
	has := r.contents()
	p.data = append(p.data, packedType(r.Type))
	p.number(uint64(has))
	p.moment(r.At)
	if has&hasPlan != 0 { // the first value, where List finds it
		p.values = append(p.values, unique.Make(r.Plan))
	}
	if has&atOther != 0 {
		p.values = append(p.values, r.At.Location())
	}
	if packedType(r.Type) == otherType {
		p.text(string(r.Type))
	}
	p.names(r, has)
	if has&hasValue != 0 {
		p.value(r.Value)
	}
	if has&hasElapsed != 0 {
		p.signed(int64(r.Elapsed))
	}
	if has&hasUsage != 0 {
		p.usage(&r.Usage)
	}
	if has&hasFailure != 0 {
		p.failure(r.Failure)
	}
	if has&hasRequest != 0 {
		p.request(r)
	}
	p.rare(r, has)
}

// names packs what the execution is called.
func (p *packer) names(r *Record, has uint32) {
	if has&hasKey != 0 {
		p.text(r.Key)
	}
	if has&hasPath != 0 {
		p.text(r.Path)
	}
	if has&hasAttempt != 0 {
		p.signed(int64(r.Attempt))
	}
	if has&hexKey != 0 {
		for i := 0; i < len(r.Idempotency); i += 2 {
			p.data = append(p.data, digits[r.Idempotency[i]]<<4|digits[r.Idempotency[i+1]])
		}
	}
	if has&hasIdempotency != 0 {
		p.text(r.Idempotency)
	}
}

// rare packs what few records have.
func (p *packer) rare(r *Record, has uint32) {
	if has&hasState != 0 {
		writes := slices.Clone(r.State)
		for i := range writes {
			writes[i].Value = p.copier.Copy(writes[i].Value)
		}
		p.values = append(p.values, writes)
	}
	if has&hasNotes != 0 {
		p.values = append(p.values, p.copier.Copy(r.Notes))
	}
	if has&hasLimits != 0 {
		p.values = append(p.values, unique.Make(r.Limits)) // mostly those of the plan
	}
	if has&hasVersion != 0 {
		p.signed(int64(r.Version))
	}
}

func (p *packer) number(n uint64) { p.data = binary.AppendUvarint(p.data, n) }
func (p *packer) signed(n int64)  { p.data = binary.AppendVarint(p.data, n) }

// text packs a text.
func (p *packer) text(s string) {
	if len(s) > maxInline {
		p.number(1)
		p.values = append(p.values, s)
		return
	}
	p.number(uint64(len(s)) << 1)
	p.data = append(p.data, s...)
}

// value packs a value.
func (p *packer) value(v any) {
	switch v := v.(type) {
	case string:
		if len(v) <= maxInline {
			p.data = append(p.data, textual)
			p.text(v)
			return
		}
	case int:
		p.data = append(p.data, whole)
		p.signed(int64(v))
		return
	case bool:
		if v {
			p.data = append(p.data, yes)
		} else {
			p.data = append(p.data, no)
		}
		return
	}
	p.data = append(p.data, listed)
	p.values = append(p.values, p.copier.Copy(v))
}

// moment packs a time without its place.
func (p *packer) moment(t time.Time) {
	p.signed(t.Unix() - epoch)
	p.number(uint64(t.Nanosecond()))
}

// placed packs a time with its place.
func (p *packer) placed(t time.Time) {
	local, other := place(t)
	switch {
	case local:
		p.data = append(p.data, 1)
	case other:
		p.data = append(p.data, 2)
		p.values = append(p.values, t.Location())
	default:
		p.data = append(p.data, 0)
	}
	p.moment(t)
}

func (p *packer) usage(u *usage.Usage) {
	for _, n := range [...]int64{u.Requests, u.InputTokens, u.CachedTokens, u.OutputTokens, u.ReasoningTokens, u.Cost} {
		p.signed(n)
	}
}

func (p *packer) failure(f *Failure) {
	has := byte(0)
	if f.Permanent {
		has |= permanent
	}
	if f.Codes != nil {
		has |= hasCodes
	}
	if f.Class != "" {
		has |= hasClass
	}
	if f.After != 0 {
		has |= hasAfter
	}
	if f.Path != "" || f.Kind != "" || f.Attempt != 0 {
		has |= hasPlace
	}
	text, pauses := strings.CutPrefix(f.Text, pausePrefix)
	if pauses {
		has |= isPause
	}
	p.data = append(p.data, has)
	p.text(string(f.Code))
	p.text(text)
	if has&hasCodes != 0 {
		p.values = append(p.values, slices.Clone(f.Codes))
	}
	if has&hasClass != 0 {
		p.text(string(f.Class))
	}
	if has&hasAfter != 0 {
		p.signed(int64(f.After))
	}
	if has&hasPlace != 0 {
		p.text(f.Path)
		p.text(f.Kind)
		p.signed(int64(f.Attempt))
	}
}

func (p *packer) request(r *Record) {
	q := r.Request
	has := byte(0)
	if q.ID == r.Key {
		has |= idIsKey
	}
	if q.Path == r.Path {
		has |= pathIsPath
	}
	if q.Asked.Equal(r.At) && q.Asked.Location() == r.At.Location() {
		has |= askedIsAt
	}
	if q.Deadline != (time.Time{}) {
		has |= hasDeadline
	}
	form := p.forms.of(q)
	if form != nil {
		has |= hasForm
	}
	p.data = append(p.data, has)
	p.text(q.Question)
	if has&idIsKey == 0 {
		p.text(q.ID)
	}
	if has&pathIsPath == 0 {
		p.text(q.Path)
	}
	if has&askedIsAt == 0 {
		p.placed(q.Asked)
	}
	if has&hasDeadline != 0 {
		p.placed(q.Deadline)
	}
	if form != nil {
		p.values = append(p.values, form)
	}
}
