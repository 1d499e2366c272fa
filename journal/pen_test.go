package journal_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/plan"
)

type callerKey struct{}

// callers is a store that notes who appends, and whether that caller has given up.
type callers struct {
	journal.Memory
	list []string
}

func (c *callers) Append(ctx context.Context, claim journal.Claim, records []journal.Record) error {
	c.list = append(c.list, fmt.Sprint(ctx.Value(callerKey{}), " ", ctx.Err()))
	return c.Memory.Append(ctx, claim, records)
}

// listed is a context that cannot be compared.
type listed struct {
	context.Context
	_ []int
}

func TestRecordsAreStoredInTheContextOfWhoAppendsWithoutItsEnd(t *testing.T) {
	t.Parallel()
	store := &callers{}
	l, err := journal.Open(t.Context(), store, "run")
	if err != nil {
		t.Fatal(err)
	}
	ada, cancel := context.WithCancel(context.WithValue(t.Context(), callerKey{}, "ada"))
	defer cancel()
	bob := listed{Context: context.WithValue(t.Context(), callerKey{}, "bob")}
	cay := context.WithValue(t.Context(), callerKey{}, "cay")
	for i, ctx := range []context.Context{ada, ada, bob, bob, cay, ada} {
		if i == 1 {
			cancel()
		}
		if err := l.Append(ctx, journal.Record{Type: journal.RunStarted}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := fmt.Sprint(store.list), "[ada <nil> ada <nil> bob <nil> bob <nil> cay <nil> ada <nil>]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// torn is a store that loses the middle of what it has while it is ill.
type torn struct {
	journal.Memory
	ill bool
}

func (s *torn) Load(ctx context.Context, run string) ([]journal.Record, error) {
	list, err := s.Memory.Load(ctx, run)
	if s.ill && len(list) > 1 {
		list = append(list[:1:1], list[2:]...)
	}
	return list, err
}

func TestWhatIsKnownOfARunStaysWhereItsRecordsCannotBeRead(t *testing.T) {
	t.Parallel()
	s := &torn{}
	l := rested(t, s, "run", 2, "well?", &journal.Form{})
	s.ill = true
	if err := l.Reopen(t.Context()); plan.CodeOf(err) != plan.CodeJournal {
		t.Fatal(err)
	}
	if len(l.Pending()) != 1 || l.Status() != plan.Paused {
		t.Errorf("%v wait, and it is %v", l.Pending(), l.Status())
	}
	s.ill = false
	if err := l.Reopen(t.Context()); err != nil || len(l.Pending()) != 1 {
		t.Errorf("%v, %v", err, l.Pending())
	}
}
