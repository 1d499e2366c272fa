package weir_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/layer/timeout"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/step/agent"
	"github.com/weirflow/weir/step/each"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/parallel"
)

// Findings and Summary are what the README's second program passes on.
type Findings struct{ Lines, Worst int }

type Summary struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

func read(_ context.Context, log string) ([]string, error) { return strings.Fields(log), nil }
func parse(_ context.Context, line string) (int, error)    { return strconv.Atoi(line) }

func count(_ context.Context, lines []each.Outcome[int]) (int, error) { return len(lines), nil }

func worst(_ context.Context, lines []each.Outcome[int]) (int, error) {
	most := 0
	for _, l := range lines {
		if l.Err == nil { // a bad line is no reason to stop
			most = max(most, l.Out)
		}
	}
	return most, nil
}

func join(_ context.Context, lines, worst int) (Findings, error) { return Findings{lines, worst}, nil }

func brief(_ context.Context, f Findings) (string, error) {
	return fmt.Sprintf("%d lines, the worst status is %d", f.Lines, f.Worst), nil
}

func hasTitle(s Summary) error {
	if s.Title == "" {
		return errors.New("the title is empty")
	}
	return nil
}

func template(_ context.Context, f Findings) (Summary, error) {
	return Summary{Title: "Report", Text: fmt.Sprintf("%d lines, worst %d, written without a model", f.Lines, f.Worst)}, nil
}

// The README's second program, with a model that is not there.
func Example_report() {
	ctx := context.Background()
	m := model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return nil, errors.New("no model is configured")
	})

	write := agent.New[Summary]("write", agent.Spec[Findings]{Model: m, System: "You write incident reports.", Prompt: brief}).
		With(retry.UpTo(3), timeout.After(time.Minute), validate.With("has a title", hasTitle))
	pipeline := weir.Then4(
		weir.Func("read", read),
		each.Collect("parse", weir.Func("line", parse), each.Width(4)),
		parallel.Join2("analyse", weir.Func("count", count), weir.Func("worst", worst), join),
		fallback.To(write, weir.Func("template", template)),
	)
	plan, err := weir.Compile(pipeline, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := plan.Execute(ctx, "200 503 garbage 404")
	fmt.Println(result.Output.Text, err)
	for _, s := range result.Steps {
		fmt.Println(s.Path(), s.Status(), s.Ran(), s.Attempts())
	}
	// Output:
	// 4 lines, worst 503, written without a model <nil>
	// read completed read 1
	// parse completed parse 1
	// analyse completed analyse 1
	// write completed template 4
}
