package weirtest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/weirflow/weir"
)

// options are those of the case's runs: an id, so that what is made of it is the same each time, and what people answer.
func (c *Case) options(t testing.TB) []weir.RunOption {
	list := []weir.RunOption{weir.ID("run_case")}
	if !c.Has("replies") {
		return list
	}
	replies := map[string]json.RawMessage{}
	for line := range strings.Lines(c.Part("replies")) {
		path, reply, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || !json.Valid([]byte(reply)) {
			t.Fatalf("a line of the part replies is a path, a colon, a blank, and JSON; this is %q", line)
		}
		replies[path] = json.RawMessage(reply)
	}
	return append(list, weir.Answers(func(_ context.Context, r weir.Request) (any, error) {
		reply, ok := replies[r.Path]
		if !ok {
			return nil, weir.ErrPaused
		}
		return reply, nil
	}))
}

// waiting is how a run ended that waits for people.
func waiting(pending []weir.Request) string {
	var b strings.Builder
	for _, r := range pending {
		b.WriteString("waits: " + r.Path + ": " + r.Question + "\n")
	}
	return b.String()
}
