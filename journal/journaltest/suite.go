// Package journaltest is the suite that every journal.Store passes. Authors of stores call Run in their tests.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// Run is the suite. open gives a new empty store each time; what it leaves behind is cleaned up by t.Cleanup.
func Run(t *testing.T, open func(t testing.TB) journal.Store) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := c.run(t.Context(), open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// check is one part of the suite; its error says what the store did wrong.
type check struct {
	name string
	run  func(ctx context.Context, s journal.Store) error
}

var checks = []check{
	{"gives back what it was given", givesBack},
	{"keeps what nobody can change", copies},
	{"keeps nothing of the list that it was given", keepsNothing},
	{"keeps the order of records", ordered},
	{"refuses a gap", refusesGaps},
	{"takes all records of a call or none", allOrNone},
	{"lets one claim a run", claimsOnce},
	{"refuses the pen of an old claim", fences},
	{"forgets what was never begun", forgetsNothing},
	{"knows no run that there is not", unknown},
	{"deletes", deletes},
	{"lists by status, plan and time", lists},
	{"lists runs that are cut off", listsCutOff},
	{"serves many runs at once", concurrent},
}

// Sample is one record of each type with every field set: for tests of codecs and stores.
func Sample() []journal.Record {
	at := time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)
	list := []journal.Record{
		{Type: journal.RunStarted, Plan: "0f", Value: map[string]any{"topic": "tea", "n": int64(3), "f": 1.5, "none": nil, "list": []any{"a", true}},
			State:  []state.Write{{Name: "total", Value: 7}, {Name: "gone", Deleted: true}},
			Limits: usage.Limits{Duration: time.Minute, Cost: usage.AtMost(100), Calls: usage.AtMost(0)}},
		{Type: journal.StepCompleted, Key: "draft~2[3]/score", Path: "draft/score", Attempt: 2, Idempotency: "ab", Value: "text", Elapsed: time.Second,
			Usage: usage.Usage{Requests: 1, InputTokens: 2, OutputTokens: 3, Cost: 4}, Notes: map[string]any{"cache_hit": true, "warnings": []string{"w"}}},
		{Type: journal.StepFailed, Key: "b", Path: "b", Attempt: 1, Kept: true, State: []state.Write{{Name: "log", Value: []any{"x"}}},
			Failure: &journal.Failure{Code: plan.CodeTimeout, Class: plan.ClassTimeout, Text: "late", Permanent: true, After: time.Second}},
		{Type: journal.Decided, Key: "c#condition", Path: "c", Value: []any{1, "yes"}},
		{Type: journal.Requested, Key: "req_1", Path: "ask", Request: &journal.Request{ID: "req_1", Path: "ask[2]", Question: "well?",
			Schema: []byte(`{"type":"string"}`), Options: []string{"a", "b"}, Assignees: []string{"ada"}, Asked: at, Deadline: at.Add(time.Hour)}},
		{Type: journal.Answered, Key: "req_1", Path: "ask", Value: "a"},
		{Type: journal.Expired, Key: "req_2"},
		{Type: journal.RunPaused, Elapsed: time.Second, Usage: usage.Usage{Requests: 1}},
		{Type: journal.RunResumed},
		{Type: journal.RunCanceled, Failure: &journal.Failure{Code: plan.CodeCanceled, Text: "stopped"}},
		{Type: journal.RunResumed},
		{Type: journal.RunFailed, Failure: &journal.Failure{Code: plan.CodeFailed, Text: "boom", Path: "a/b[1]", Kind: "func", Attempt: 3}},
		{Type: journal.RunCompleted, Value: 42},
	}
	for i := range list {
		list[i].Version, list[i].Seq, list[i].At = journal.Version, int64(i+1), at.Add(time.Duration(i)*time.Second)
	}
	return list
}

// written claims a run, appends records and gives the claim.
func written(ctx context.Context, s journal.Store, run string, records ...journal.Record) (journal.Claim, error) {
	c, err := s.Claim(ctx, run)
	if err != nil {
		return c, fmt.Errorf("claim of %s: %w", run, err)
	}
	if err := s.Append(ctx, c, records); err != nil {
		return c, fmt.Errorf("append to %s: %w", run, err)
	}
	return c, nil
}

// released is written, and gives the claim up.
func released(ctx context.Context, s journal.Store, run string, records ...journal.Record) error {
	c, err := written(ctx, s, run, records...)
	if err == nil {
		err = s.Release(ctx, c)
	}
	return err
}

// Differs says where two lists of records differ, empty where they do not.
func Differs(got, want []journal.Record) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d records, want %d", len(got), len(want))
	}
	for i := range want {
		g, w := got[i], want[i]
		if !g.At.Equal(w.At) {
			return fmt.Sprintf("record %d was written %v, want %v", i+1, g.At, w.At)
		}
		g.At = w.At
		g.State, w.State = state.Portable(g.State), state.Portable(w.State)
		if !reflect.DeepEqual(g, w) {
			return fmt.Sprintf("record %d is\n%+v, want\n%+v", i+1, g, w)
		}
	}
	return ""
}

func givesBack(ctx context.Context, s journal.Store) error {
	want := Sample()
	if err := released(ctx, s, "run", want...); err != nil {
		return err
	}
	got, err := s.Load(ctx, "run")
	if err != nil {
		return err
	}
	if d := Differs(got, want); d != "" {
		return errors.New(d)
	}
	return nil
}

func copies(ctx context.Context, s journal.Store) error {
	list := []any{"first"}
	r := record(1, journal.RunStarted)
	r.Value = map[string]any{"list": list}
	r.State = []state.Write{{Name: "k", Value: list}}
	r.Notes = map[string]any{"n": list}
	options, codes := []string{"first"}, []plan.Code{"first"}
	r.Request, r.Failure = &journal.Request{ID: "q", Options: options}, &journal.Failure{Code: plan.CodeFailed, Codes: codes}
	if err := released(ctx, s, "run", r); err != nil {
		return err
	}
	list[0], options[0], codes[0] = "changed by the writer", "changed by the writer", "changed by the writer"
	for range 2 {
		got, err := s.Load(ctx, "run")
		if err != nil {
			return err
		}
		for what, v := range map[string]any{"value": got[0].Value.(map[string]any)["list"], "state": got[0].State[0].Value, "notes": got[0].Notes["n"]} {
			if v.([]any)[0] != "first" {
				return fmt.Errorf("the %s holds %v: it is shared with whoever wrote or read it before", what, v)
			}
			v.([]any)[0] = "changed by the reader"
		}
		if q, f := got[0].Request, got[0].Failure; q.Options[0] != "first" || f.Codes[0] != "first" {
			return fmt.Errorf("the request holds %q, the failure %q: they are shared with whoever wrote or read them before", q.Options, f.Codes)
		}
		got[0].Request.Options[0], got[0].Failure.Codes[0] = "changed by the reader", "changed by the reader"
	}
	return nil
}

func keepsNothing(ctx context.Context, s journal.Store) error {
	c, err := s.Claim(ctx, "run")
	if err != nil {
		return err
	}
	list := make([]journal.Record, 1)
	for seq := int64(1); seq <= 3; seq++ { // a writer uses its list again
		list[0] = record(seq, journal.StepCompleted)
		list[0].Key = fmt.Sprint("step", seq)
		if err := s.Append(ctx, c, list); err != nil {
			return err
		}
	}
	list[0] = journal.Record{}
	got, err := s.Load(ctx, "run")
	if err != nil {
		return err
	}
	for i, r := range got {
		if want := fmt.Sprint("step", i+1); r.Key != want || r.Seq != int64(i+1) {
			return fmt.Errorf("record %d is that of %q with number %d, want %q: the store keeps the writer's list", i+1, r.Key, r.Seq, want)
		}
	}
	return nil
}

// record is a plain record.
func record(seq int64, t journal.Type) journal.Record {
	return journal.Record{Version: journal.Version, Seq: seq, Type: t, At: time.Unix(1_700_000_000+seq, 0).UTC(), Plan: "p"}
}

func ordered(ctx context.Context, s journal.Store) error {
	c, err := s.Claim(ctx, "run")
	if err != nil {
		return err
	}
	seq := int64(0)
	for n := range 20 {
		var batch []journal.Record
		for range n%3 + 1 {
			seq++
			batch = append(batch, record(seq, journal.StepCompleted))
		}
		if err := s.Append(ctx, c, batch); err != nil {
			return err
		}
	}
	got, err := s.Load(ctx, "run")
	if err != nil {
		return err
	}
	for i, r := range got {
		if r.Seq != int64(i+1) {
			return fmt.Errorf("record %d has number %d", i+1, r.Seq)
		}
	}
	if len(got) != int(seq) {
		return fmt.Errorf("%d records, want %d", len(got), seq)
	}
	return nil
}

func refusesGaps(ctx context.Context, s journal.Store) error {
	c, err := written(ctx, s, "run", record(1, journal.RunStarted))
	if err != nil {
		return err
	}
	for _, seq := range []int64{1, 3, 0} {
		if err := s.Append(ctx, c, []journal.Record{record(seq, journal.StepCompleted)}); err == nil {
			return fmt.Errorf("record %d is taken after record 1", seq)
		}
	}
	return s.Append(ctx, c, []journal.Record{record(2, journal.StepCompleted)})
}

func allOrNone(ctx context.Context, s journal.Store) error {
	c, err := written(ctx, s, "run", record(1, journal.RunStarted))
	if err != nil {
		return err
	}
	if err := s.Append(ctx, c, []journal.Record{record(2, journal.StepCompleted), record(4, journal.StepCompleted)}); err == nil {
		return errors.New("records with a gap are taken")
	}
	got, err := s.Load(ctx, "run")
	if err == nil && len(got) != 1 {
		err = fmt.Errorf("%d records are there, want the one from before", len(got))
	}
	return err
}

func claimsOnce(ctx context.Context, s journal.Store) error {
	var mu sync.Mutex
	var won []journal.Claim
	var wg sync.WaitGroup
	var wrong error
	for range 16 {
		wg.Go(func() {
			c, err := s.Claim(ctx, "run")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, c)
			case !errors.Is(err, journal.ErrHeld):
				wrong = fmt.Errorf("a second claim fails with %w, want ErrHeld", err)
			}
		})
	}
	wg.Wait()
	if wrong != nil || len(won) != 1 {
		return errors.Join(wrong, fmt.Errorf("%d claims at once, want 1", len(won)))
	}
	if err := s.Release(ctx, won[0]); err != nil {
		return err
	}
	next, err := s.Claim(ctx, "run")
	if err == nil && next.Fence <= won[0].Fence {
		err = fmt.Errorf("the next claim has fence %d after %d", next.Fence, won[0].Fence)
	}
	return err
}

func fences(ctx context.Context, s journal.Store) error {
	old, err := written(ctx, s, "run", record(1, journal.RunStarted))
	if err != nil {
		return err
	}
	if err := s.Release(ctx, old); err != nil {
		return err
	}
	if err := s.Append(ctx, old, []journal.Record{record(2, journal.StepCompleted)}); !errors.Is(err, journal.ErrLost) {
		return fmt.Errorf("append after the release: %v, want ErrLost", err)
	}
	if _, err := s.Claim(ctx, "run"); err != nil {
		return err
	}
	if err := s.Append(ctx, old, []journal.Record{record(2, journal.StepCompleted)}); !errors.Is(err, journal.ErrLost) {
		return fmt.Errorf("append by an old claim: %v, want ErrLost", err)
	}
	if err := s.Release(ctx, old); err != nil {
		return fmt.Errorf("releasing an old claim: %w", err)
	}
	if _, err := s.Claim(ctx, "run"); !errors.Is(err, journal.ErrHeld) {
		return fmt.Errorf("an old claim's release freed the run: %v", err)
	}
	return nil
}

func forgetsNothing(ctx context.Context, s journal.Store) error {
	c, err := s.Claim(ctx, "run")
	if err == nil {
		err = s.Release(ctx, c)
	}
	if err != nil {
		return err
	}
	list, err := s.List(ctx, journal.Filter{})
	if err == nil && len(list) != 0 {
		err = fmt.Errorf("a run without records is listed: %v", list)
	}
	return err
}

func unknown(ctx context.Context, s journal.Store) error {
	got, err := s.Load(ctx, "nowhere")
	if err != nil || len(got) != 0 {
		return fmt.Errorf("load gives %d records and %v", len(got), err)
	}
	return s.Delete(ctx, "nowhere")
}

func deletes(ctx context.Context, s journal.Store) error {
	c, err := written(ctx, s, "run", record(1, journal.RunStarted))
	if err != nil {
		return err
	}
	if err := s.Delete(ctx, "run"); err != nil {
		return err
	}
	if got, err := s.Load(ctx, "run"); err != nil || len(got) != 0 {
		return fmt.Errorf("%d records are left, %v", len(got), err)
	}
	if err := s.Append(ctx, c, []journal.Record{record(1, journal.RunStarted)}); !errors.Is(err, journal.ErrLost) {
		return fmt.Errorf("append to a deleted run: %v, want ErrLost", err)
	}
	return released(ctx, s, "run", record(1, journal.RunStarted))
}

func lists(ctx context.Context, s journal.Store) error {
	for i, end := range []journal.Type{journal.RunCompleted, journal.RunPaused, journal.RunFailed, journal.RunPaused} {
		first, last := record(1, journal.RunStarted), record(2, end)
		last.At = first.At.Add(time.Duration(i+1) * time.Minute)
		if i == 3 {
			first.Plan = "other"
		}
		if err := released(ctx, s, fmt.Sprint("run", i), first, last); err != nil {
			return err
		}
	}
	start := record(1, journal.RunStarted).At
	for want, f := range map[string]journal.Filter{
		"run3 run2 run1 run0": {},
		"run3 run1":           {Status: plan.Paused},
		"run1":                {Status: plan.Paused, Plan: "p"},
		"run3 run2":           {Limit: 2},
		"run1 run0":           {Before: start.Add(3 * time.Minute)},
	} {
		list, err := s.List(ctx, f)
		if err != nil {
			return err
		}
		var got strings.Builder
		for _, i := range list {
			got.WriteString(" " + i.Run)
		}
		if got.String() != " "+want {
			return fmt.Errorf("filter %+v gives%s, want %s", f, got.String(), want)
		}
	}
	list, err := s.List(ctx, journal.Filter{Status: plan.Failed})
	if err != nil {
		return err
	}
	if i := list[0]; i.Plan != "p" || i.Status != plan.Failed || i.Records != 2 || i.Held || !i.Began.Equal(start) || !i.Changed.Equal(start.Add(3*time.Minute)) {
		return fmt.Errorf("info %+v", i)
	}
	return nil
}

func listsCutOff(ctx context.Context, s journal.Store) error {
	c, err := written(ctx, s, "run", record(1, journal.RunStarted), record(2, journal.StepCompleted))
	if err != nil {
		return err
	}
	for _, held := range []bool{true, false} {
		list, err := s.List(ctx, journal.Filter{Status: plan.Running})
		if err != nil {
			return err
		}
		if len(list) != 1 || list[0].Held != held {
			return fmt.Errorf("a run that goes on, held %v: %v", held, list)
		}
		if err := s.Release(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func concurrent(ctx context.Context, s journal.Store) error {
	const runs, records = 16, 25
	errs := make([]error, runs)
	var wg sync.WaitGroup
	for i := range runs {
		wg.Go(func() {
			c, err := written(ctx, s, fmt.Sprint("run", i), record(1, journal.RunStarted))
			for seq := int64(2); err == nil && seq <= records; seq++ {
				err = s.Append(ctx, c, []journal.Record{record(seq, journal.StepCompleted)})
			}
			if err == nil {
				err = s.Release(ctx, c)
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for i := range runs {
		got, err := s.Load(ctx, fmt.Sprint("run", i))
		if err == nil && len(got) != records {
			err = fmt.Errorf("run %d has %d records, want %d", i, len(got), records)
		}
		errs = append(errs, err)
	}
	list, err := s.List(ctx, journal.Filter{})
	if err == nil && len(list) != runs {
		err = fmt.Errorf("%d runs are listed, want %d", len(list), runs)
	}
	return errors.Join(slices.Concat(errs, []error{err})...)
}
