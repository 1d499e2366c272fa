package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/weirflow/weir"
)

// at is an asker at a terminal where somebody types this.
func at(typed string) (*asker, *strings.Builder) {
	var shown strings.Builder
	return &asker{in: bufio.NewReader(strings.NewReader(typed)), out: &shown, hold: func() func() { return func() {} }}, &shown
}

func TestAnAnswerIsReadAsTheRequestWantsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options []string
		schema  string
		typed   string
		want    any
		told    string
	}{
		{nil, "", "plain words\n", "plain words", ""},
		{nil, "", "{\"a\": 1}\n", json.RawMessage(`{"a": 1}`), ""},
		{nil, `{"type":"string"}`, "12\n", "12", ""},
		{nil, `{"type":"integer"}`, "many\n12\n", json.RawMessage("12"), "That is no JSON"},
		{nil, `{"type":"integer"}`, "true\n12\n", json.RawMessage("12"), "That does not fit"},
		{[]string{"now", "later"}, "", "never\nLATER\n", "later", "Give one of"},
		{[]string{"now", "later"}, "", "3\n1\n", "now", "1) now"},
		{nil, "", "no line end", "no line end", ""},
	} {
		a, shown := at(c.typed)
		v, err := a.answer(t.Context(), weir.Request{Path: "ask", Question: "well?", Options: c.options, Schema: json.RawMessage(c.schema)})
		if err != nil || fmt.Sprintf("%T%s", v, v) != fmt.Sprintf("%T%s", c.want, c.want) || !strings.Contains(shown.String(), c.told) {
			t.Errorf("%q: %T %s, %v; shown:\n%s", c.typed, v, v, err, shown)
		}
	}
}

func TestNobodyAtTheTerminalLeavesTheRequestOpen(t *testing.T) {
	t.Parallel()
	a, _ := at("")
	if _, err := a.answer(t.Context(), weir.Request{}); !errors.Is(err, weir.ErrPaused) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, out := io.Pipe()
	defer out.Close()
	a.in = bufio.NewReader(in)
	if _, err := a.answer(ctx, weir.Request{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
