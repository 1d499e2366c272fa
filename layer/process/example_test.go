package process_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/process"
)

func ExampleOutput() {
	trim := func(_ context.Context, s string) (string, error) { return strings.TrimSpace(s), nil }
	ask := weir.Func("ask", func(_ context.Context, question string) (string, error) {
		return "\n  forty-two  \n", nil
	}).With(process.Output(trim))

	answer, err := weir.Do(context.Background(), ask, "what is it?")
	fmt.Printf("%q %v\n", answer, err)
	// Output: "forty-two" <nil>
}

func ExamplePrompt() {
	scrub := func(_ context.Context, s string) (string, error) {
		return strings.ReplaceAll(s, "ada@example.com", "[mail]"), nil
	}
	ask := weir.Func("ask", func(_ context.Context, prompt string) (string, error) {
		return "you said: " + prompt, nil
	}).With(process.Prompt(scrub))

	fmt.Println(weir.Do(context.Background(), ask, "write to ada@example.com"))
	// Output: you said: write to [mail] <nil>
}
