package writes_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/writes"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/parallel"
)

func ExampleKeys() {
	severity := state.NewKey[int]("severity")
	judge := func(name string) weir.Step[string, int] {
		return weir.Func(name, func(ctx context.Context, log string) (int, error) {
			severity.Set(ctx, len(log))
			return len(log), nil
		}).With(writes.Keys(severity))
	}
	_, err := weir.Compile(parallel.All("judge", judge("rules"), judge("model")), nil)
	fmt.Println(err)
	// Output:
	// weir: compile: judge: the branches "rules" and "model" both write the state key "severity" (judge/rules, judge/model): give the key to one of them with a field mapping, or declare a reducer for it
}

func ExampleTo() {
	note := weir.Func("note", func(_ context.Context, s string) (string, error) { return s, nil }).With(writes.To("report.title"))
	out, err := weir.Do(context.Background(), note, "as before")
	fmt.Println(out, err)
	// Output: as before <nil>
}
