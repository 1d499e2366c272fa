package journal_test

import (
	"testing"

	"github.com/weirflow/weir/journal"
	"github.com/weirflow/weir/journal/journaltest"
)

func TestMemoryIsAStore(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, func(testing.TB) journal.Store { return journal.NewMemory() })
}
