package journal_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/journal/journaltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// dice makes records of bytes: each byte decides one thing.
type dice []byte

func (d *dice) throw(sides int) int {
	if len(*d) == 0 {
		return 0
	}
	n := int((*d)[0]) % sides
	*d = (*d)[1:]
	return n
}

// pick gives one of a list.
func pick[T any](d *dice, list ...T) T { return list[d.throw(len(list))] }

func (d *dice) text() string {
	return pick(d, "", "a", "draft~2[3]/score", strings.Repeat("x", 64), strings.Repeat("é", 33), "waits for an answer to: a", "waits for an answer to: ")
}

func (d *dice) number() int64 {
	return pick[int64](d, 0, 1, -1, 300, math.MaxInt64, math.MinInt64)
}

func (d *dice) time() time.Time {
	at := time.Date(2026, 3, 4, 5, 6, 7, 890, time.UTC)
	return pick(d, time.Time{}, at, at.Local(), at.In(time.FixedZone("far", 3600)), time.Date(9999, 12, 31, 0, 0, 0, 999_999_999, time.UTC),
		time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), time.Unix(0, 0))
}

// of is a value of some type, among them those that are packed as bytes and others that look like them.
func (d *dice) of() any {
	type name string
	return pick[any](d, nil, 0, -1, math.MaxInt, true, false, "", "text", strings.Repeat("x", 65), int64(7), uint8(7), 1.5, name("n"),
		[]any{"a", 1}, map[string]any{"k": []any{1}}, journal.Request{ID: "q"})
}

func (d *dice) lists() (a, b []string) {
	return pick(d, nil, []string{}, []string{"a", "b"}, []string{"a"}), pick(d, nil, []string{"ada"})
}

func (d *dice) record() journal.Record {
	r := journal.Record{
		Version: pick(d, journal.Version, 0, 7, -1),
		Type: pick(d, journal.RunStarted, journal.StepCompleted, journal.StepFailed, journal.Decided, journal.Requested, journal.Answered,
			journal.Expired, journal.RunPaused, journal.RunResumed, journal.RunCompleted, "", "other"),
		At: d.time(), Key: d.text(), Path: d.text(), Attempt: int(d.number()), Value: d.of(), Kept: d.throw(2) == 1,
		Idempotency: pick(d, "", journal.Idempotent("run", "k"), strings.ToUpper(journal.Idempotent("run", "k")), strings.Repeat("g", 32), "0f"),
		State:       pick(d, nil, []state.Write{{Name: "a", Value: []any{1}}, {Name: "b", Deleted: true}}),
		Usage:       pick(d, usage.Usage{}, usage.Usage{Requests: 1, InputTokens: 2, CachedTokens: 3, OutputTokens: 4, ReasoningTokens: 5, Cost: -6}),
		Elapsed:     time.Duration(d.number()),
		Notes:       pick(d, nil, map[string]any{}, map[string]any{"n": []any{1}}),
		Plan:        d.text(),
		Limits:      pick(d, usage.Limits{}, usage.Limits{Duration: 1, Calls: usage.AtMost(0), Cost: usage.AtMost(3)}),
	}
	if d.throw(3) == 1 {
		r.Failure = &journal.Failure{
			Code: plan.Code(d.text()), Codes: pick(d, nil, []plan.Code{}, []plan.Code{plan.CodeTimeout}), Class: plan.Class(d.text()), Text: d.text(),
			Permanent: d.throw(2) == 1, After: time.Duration(d.number()), Path: d.text(), Kind: d.text(), Attempt: int(d.number()),
		}
	}
	if d.throw(3) == 1 {
		r.Request = &journal.Request{ID: d.text(), Path: d.text(), Question: d.text(), Schema: pick(d, nil, []byte("{}"), []byte{}), Asked: d.time(), Deadline: d.time()}
		r.Request.Options, r.Request.Assignees = d.lists()
	}
	return r
}

// packs puts records into a Memory, as a run that rests now and then, and says what comes back otherwise.
func packs(t *testing.T, d *dice) {
	s := journal.NewMemory()
	c, err := s.Claim(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	var want []journal.Record // the twin: a list
	for len(*d) > 0 && len(want) < 50 {
		var batch []journal.Record
		for range d.throw(3) + 1 {
			r := d.record()
			r.Seq = int64(len(want) + len(batch) + 1)
			batch = append(batch, r)
		}
		want = append(want, batch...)
		if err = s.Append(t.Context(), c, slices.Clone(batch)); err == nil && d.throw(4) == 1 {
			if err = s.Release(t.Context(), c); err == nil {
				c, err = s.Claim(t.Context(), "run")
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Load(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	if d := journaltest.Differs(got, want); d != "" {
		t.Error(d)
	}
	for i := range got {
		if got[i].At.String() != want[i].At.String() {
			t.Errorf("record %d was written %v, want %v", i+1, got[i].At, want[i].At)
		}
	}
	list, err := s.List(t.Context(), journal.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		if len(list) != 0 {
			t.Errorf("a run without records is listed: %v", list)
		}
		return
	}
	first, last, is := want[0], want[len(want)-1], list[0]
	if is.Plan != first.Plan || is.Status != journal.StatusOf(last.Type) || !is.Began.Equal(first.At) || !is.Changed.Equal(last.At) || is.Records != len(want) {
		t.Errorf("listed as %+v", is)
	}
}

func FuzzMemory(f *testing.F) {
	for n := range 60 {
		seed := make([]byte, 40*n)
		for i := range seed {
			seed[i] = byte(i*i*7 + i*n + n*n*13)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) { packs(t, (*dice)(&data)) })
}
