package plugin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/engine/local"
	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/plan"
)

// drive runs a program on "brief".
func drive(t *testing.T, p *plan.Program) (any, error) {
	t.Helper()
	return (&local.Engine{}).Drive(t.Context(), p, "brief", nil, nil)
}

func TestTheLayerPassesWhatItMayNotSwallow(t *testing.T) {
	t.Parallel()
	fine := plugin.New("fine", func(context.Context, string) (plugin.Outcome, error) { return plugin.Pass(), nil })
	layertest.Passes(t, t.Context(), plugin.With(fine), "in", "out")
}

func ExampleWith() {
	polite := plugin.New("polite", func(_ context.Context, text string) (plugin.Outcome, error) {
		if strings.Contains(text, "idiot") {
			return plugin.Fail("it calls somebody an idiot"), nil
		}
		return plugin.Pass(), nil
	})
	signed := plugin.Rewrite("signed", func(_ context.Context, text string) (string, error) {
		return text + " Yours, weir.", nil
	}, plugin.Priority(1))
	reply := weir.Func("reply", func(_ context.Context, to string) (string, error) {
		return "Dear " + to + ",", nil
	}).With(plugin.With(polite, signed))

	fmt.Println(weir.Do(context.Background(), reply, "Ada"))
	_, err := weir.Do(context.Background(), reply, "idiot")
	fmt.Println(err)
	// Output:
	// Dear Ada, Yours, weir. <nil>
	// weir: reply (func): plugin validation failed: polite: it calls somebody an idiot
}

func ExampleTargets() {
	lawyer := weir.Func("lawyer", func(_ context.Context, question string) (string, error) {
		return "lawyer: it depends", nil
	})
	legal := plugin.New("legal", func(_ context.Context, answer string) (plugin.Outcome, error) {
		if strings.Contains(answer, "contract") {
			return plugin.Redirect(lawyer), nil
		}
		return plugin.Pass(), nil
	}, plugin.Targets(lawyer))
	answer := weir.Func("answer", func(_ context.Context, question string) (string, error) {
		return "about the " + question, nil
	}).With(plugin.With(legal))

	fmt.Println(weir.Do(context.Background(), answer, "weather"))
	fmt.Println(weir.Do(context.Background(), answer, "contract"))
	// Output:
	// about the weather <nil>
	// lawyer: it depends <nil>
}
