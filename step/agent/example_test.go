package agent_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/step/agent"
)

// A step with a string for its output gives the model's text.
func ExampleNew() {
	m := modeltest.Script(nil, "Paris") // in a program: openai.New
	capital := agent.New[string]("capital", agent.Spec[string]{Model: m, System: "Answer with one word."})
	fmt.Println(weir.Do(context.Background(), capital, "The capital of France?"))
	// Output: Paris <nil>
}

// Any other output is structured. The first answer here does not pass; it is sent back with what is wrong, once.
func ExampleNew_structured() {
	type Review struct {
		Score  int    `json:"score" jsonschema:"from 1 to 10"`
		Reason string `json:"reason"`
	}
	inRange := func(r Review) error {
		if r.Score < 1 || r.Score > 10 {
			return fmt.Errorf("score is %d; it must be from 1 to 10", r.Score)
		}
		return nil
	}
	m := modeltest.Script(nil, `{"score": 70, "reason": "clear"}`, `{"score": 7, "reason": "clear"}`)
	review := agent.New("review", agent.Spec[string]{Model: m}, inRange)

	out, err := weir.Do(context.Background(), review, "Rate this text: …")
	fmt.Println(out.Score, out.Reason, err)
	fmt.Println(m.Requests()[1].Messages[2].Content)
	// Output:
	// 7 clear <nil>
	// That answer cannot be used:
	// - score is 70; it must be from 1 to 10
	// Answer again with the whole JSON value and nothing else. Keep what is right as it is.
}
