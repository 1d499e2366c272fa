package hook_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/hook"
	"github.com/weirflow/weir/step/loop"
)

// audit is told of runs and of steps that fail.
type audit struct{}

func (audit) PreRun(_ context.Context, r hook.Run) error {
	fmt.Println("begins with", r.Input)
	return nil
}

func (audit) OnStepFailure(_ context.Context, s hook.StepEnd) error {
	fmt.Println(s.Path, "failed:", s.Err)
	return nil
}

func (audit) PostRun(_ context.Context, r hook.RunEnd) error {
	fmt.Println("ends", r.Status)
	return nil
}

func ExampleHook() {
	fetch := weir.Func("fetch", func(context.Context, string) (string, error) { return "", errors.New("no route") })
	p, err := weir.Compile(fetch, &weir.Config{Hooks: []hook.Hook{audit{}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = p.Run(context.Background(), "example.com")
	fmt.Println(err)
	// Output:
	// begins with example.com
	// fetch failed: no route
	// ends failed
	// weir: fetch (func): no route
}

// guard keeps steps from running that are given too much.
type guard struct{ most int }

func (g guard) PreStep(_ context.Context, s hook.Step) error {
	if n, ok := s.Input.(int); ok && n > g.most {
		return hook.Abort(fmt.Sprintf("%d is more than %d", n, g.most))
	}
	return nil
}

func ExampleRound() {
	double := weir.Func("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil }).With(hook.Round(guard{100}))
	_, err := weir.Do(context.Background(), loop.Times("grow", 10, double), 1)
	fmt.Println(err)
	fmt.Println(errors.Is(err, weir.ErrAborted))
	// Output:
	// weir: grow[7]/double (func): a hook aborted the run: 128 is more than 100
	// true
}
