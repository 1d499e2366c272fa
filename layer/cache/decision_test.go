package cache_test

import (
	"context"
	"testing"

	"github.com/weirflow/weir"
	backends "github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/layer/cache"
	"github.com/weirflow/weir/plan"
)

// decisions is a journal of decisions, as bytes.
type decisions struct {
	t    *testing.T
	kept map[string][]byte
	made int
}

func (d *decisions) decide(at *plan.Site, name string) plan.Decision {
	c := codec.New()
	return func(_ context.Context, f plan.Frame, _ int, decide func() (any, error)) (any, error) {
		key := f.Key(at) + "/" + name
		if data, ok := d.kept[key]; ok {
			return c.Decode(data, nil)
		}
		d.made++
		v, err := decide()
		if err != nil {
			return nil, err
		}
		data, err := c.Encode(v)
		if err != nil {
			d.t.Error(err)
		}
		d.kept[key] = data
		return v, nil
	}
}

// A run that is resumed comes to the step again. It must find what it found: its children have records of a miss, or none.
func TestAStepWithChildrenRemembersWhatWasFound(t *testing.T) {
	t.Parallel()
	step, calls := counted("leaf", shout)
	b := &backend{}
	group := weir.Chain("group", step).With(cache.For(0, cache.In(b)))
	drive := func(d *decisions) any {
		p, err := plan.Build(group.Written(), plan.Options{Decide: d.decide})
		if err != nil {
			t.Fatal(err)
		}
		out, err := (&local.Engine{}).Drive(t.Context(), p, "a", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := &decisions{t: t, kept: map[string][]byte{}}
	drive(first)
	second := &decisions{t: t, kept: map[string][]byte{}}
	if out := drive(second); out != "A" || calls.Load() != 1 {
		t.Fatalf("output %v after %d calls", out, calls.Load())
	}
	// Resumed: the first found nothing and runs its children though there is an entry now, and keeps the result again.
	entries := b.held
	if drive(first); calls.Load() != 2 || first.made != 1 || len(b.ttls) != 2 {
		t.Errorf("%d calls, %d decisions, %d results kept", calls.Load(), first.made, len(b.ttls))
	}
	// The second found something, and has it though the entry is gone.
	b.held = map[string]backends.Entry{}
	if out := drive(second); out != "A" || calls.Load() != 2 || second.made != 1 {
		t.Errorf("output %v, %d calls, %d decisions", out, calls.Load(), second.made)
	}
	if len(entries) != 1 || len(b.gets) != 2 {
		t.Errorf("%d entries, asked %d times", len(entries), len(b.gets))
	}
}
