package journal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/journal/journaltest"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
)

func TestRecordsSurviveAsBytes(t *testing.T) {
	t.Parallel()
	c := codec.New()
	want := journaltest.Sample()
	var got []journal.Record
	for i := range want {
		data, err := journal.Encode(&want[i], c)
		if err != nil {
			t.Fatal(err)
		}
		r, err := journal.Decode(data, c)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		got = append(got, r)
	}
	if d := journaltest.Differs(got, want); d != "" {
		t.Error(d)
	}
}

func TestAStoreOfBytesIsAStore(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, func(testing.TB) journal.Store { return journaltest.Bytes(codec.New()) })
}

type secret struct{ N int }

func TestAValueThatCannotBeWrittenIsNamed(t *testing.T) {
	t.Parallel()
	c := codec.New()
	for what, r := range map[string]journal.Record{
		"its value":         {Type: journal.StepCompleted, Key: "a/b", Value: secret{1}},
		"the state key sum": {Type: journal.StepCompleted, Key: "a/b", State: []state.Write{{Name: "sum", Value: make(chan int)}}},
	} {
		_, err := journal.Encode(&r, c)
		if plan.CodeOf(err) != plan.CodeJournal || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "a/b") {
			t.Errorf("%s: %v", what, err)
		}
	}
	r := journal.Record{Version: 1, Notes: map[string]any{"a": secret{1}, "b": make(chan int), "c": 1}}
	data, err := journal.Encode(&r, c)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = journal.Decode(data, c); err != nil || len(r.Notes) != 2 || r.Notes["c"] != 1 || r.Notes["a"].(map[string]any)["N"] != 1.0 {
		t.Errorf("notes %v, %v", r.Notes, err)
	}
}

func TestWhatIsNoRecordIsRefused(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "null", "[]", "{}", `{"v":2}`, `{"v":1,"other":1}`, `{"v":1,"value":{"json":{"$":"nothing.Known"}}}`, `{"v":1,"state":[{"name":"x","value":{"bytes":"!"}}]}`} {
		if r, err := journal.Decode([]byte(data), codec.New()); plan.CodeOf(err) != plan.CodeJournal {
			t.Errorf("%s: %+v, %v", data, r, err)
		}
	}
}

// FuzzRecord: bytes from outside never panic, and what is read is written and read again the same.
func FuzzRecord(f *testing.F) {
	c := codec.New()
	for _, r := range journaltest.Sample() {
		data, err := journal.Encode(&r, c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"v":1,"seq":-1,"type":"x","at":"2026-01-01T00:00:00Z","value":{"plain":[1,{"a":null}]},"notes":[{"name":""}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := journal.Decode(data, c)
		if err != nil {
			return
		}
		once, err := journal.Encode(&r, c)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := journal.Decode(once, c)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		twice, err := journal.Encode(&again, c)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\n%s\n%s", err, once, twice)
		}
	})
}
