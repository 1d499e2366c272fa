package conditional_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/conditional"
)

func ExampleIf() {
	long := func(_ context.Context, s string) (bool, error) { return len(s) > 10, nil }
	cut := weir.Func("cut", func(_ context.Context, s string) (string, error) { return s[:10] + "…", nil })
	shorten := conditional.If("shorten", long, cut, weir.Step[string, string]{}) // short texts stay as they are
	for _, text := range []string{"short", "a rather long text"} {
		fmt.Println(weir.Do(context.Background(), shorten, text))
	}
	// Output:
	// short <nil>
	// a rather l… <nil>
}

func ExampleSwitch() {
	type alert struct{ Severity, Text string }
	to := func(place string) weir.Step[alert, string] {
		return weir.Func(place, func(_ context.Context, a alert) (string, error) { return place + ": " + a.Text, nil })
	}
	severity := func(_ context.Context, a alert) (string, error) { return a.Severity, nil }
	route := conditional.Switch("route", severity, conditional.Of(
		conditional.On("high", to("pager")),
		conditional.On("low", to("mailbox")),
	).Else(to("log")))
	fmt.Println(weir.Do(context.Background(), route, alert{"high", "disk full"}))
	fmt.Println(weir.Do(context.Background(), route, alert{"odd", "a duck"}))
	// Output:
	// pager: disk full <nil>
	// log: a duck <nil>
}
