package bench

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/hook"
)

// every gives each workload once.
func every() []Workload {
	list := append(ablated(), components()...)
	return append(list, seq10Crowd())
}

func TestWorkloadsGiveTheRightAnswersWithAndWithout(t *testing.T) {
	t.Parallel()
	without := append([][]string{nil, all()}, each(weir.Optimisations())...)
	for _, w := range every() {
		for _, drop := range without {
			t.Run(w.name+"/"+strings.Join(drop, "+"), func(t *testing.T) {
				t.Parallel()
				made, err := w.setup(t.Context(), drop)
				if err != nil {
					t.Fatal(err)
				}
				defer made.end()
				if err := made.run(3); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func each(names []string) [][]string {
	var list [][]string
	for _, name := range names {
		list = append(list, []string{name})
	}
	return list
}

func TestPlainCodeGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	for _, f := range references() {
		ref, err := f.plain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := ref.run(3); err != nil {
			t.Errorf("%s: %v", f.workload.name, err)
		}
	}
}

func TestTheHookOfExecutionIsToldOfEveryStep(t *testing.T) {
	t.Parallel()
	told := &counter{}
	p, err := weir.Compile(guarded(nil), &weir.Config{Hooks: []hook.Hook{told}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p10(t.Context(), p, 3); err != nil {
		t.Fatal(err)
	}
	if told.begun.Load() != 10 || told.ended.Load() != 10 {
		t.Errorf("it was told %d and %d times of ten steps", told.begun.Load(), told.ended.Load())
	}
}

func TestAWrongAnswerIsAnError(t *testing.T) {
	t.Parallel()
	w := planned("wrong", chain10(increment), 1, 12)
	if _, err := w.pair(t.Context(), nil, all(), Options{}); err == nil || !strings.Contains(err.Error(), "bench: wrong: it answered 11 instead of 12") {
		t.Errorf("%v", err)
	}
}

func TestACrowdDoesAllOfItsWorkAndTellsItsFailure(t *testing.T) {
	t.Parallel()
	count := counter{}
	if err := crowd(8, 100, func() error { count.begun.Add(1); return nil }); err != nil || count.begun.Load() != 100 {
		t.Errorf("%d of 100, %v", count.begun.Load(), err)
	}
	boom := errors.New("boom")
	if err := crowd(8, 100, func() error { return boom }); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
}

func TestASetupThatFailsOnTheSecondSideIsToldWithIts(t *testing.T) {
	t.Parallel()
	w := Plan("mine", func(without []string) (func(context.Context) error, error) {
		if len(without) > 0 {
			return nil, errors.New("no such thing")
		}
		return func(context.Context) error { return nil }, nil
	})
	if _, _, err := w.both(t.Context(), nil, all()); err == nil || err.Error() != "bench: mine without [all]: no such thing" {
		t.Errorf("%v", err)
	}
}
