package journal_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/weirflow/weir/journal"
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
