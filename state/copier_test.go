package state

import (
	"errors"
	"io"
	"os"
	"reflect"
	"sync"
	"testing"
	"time"
)

func TestACopierSharesNothingThatCanBeModified(t *testing.T) {
	t.Parallel()
	var c Copier
	from := map[string]any{"list": []any{1, map[string]any{"deep": "x"}}}
	to := c.Copy(from).(map[string]any)
	from["list"].([]any)[1].(map[string]any)["deep"] = "changed"
	if got := to["list"].([]any)[1].(map[string]any)["deep"]; got != "x" {
		t.Errorf("the copy holds %v, want x", got)
	}
	if c.Copy(nil) != nil || c.Copy("text") != "text" {
		t.Error("plain values are not given back as they are")
	}
}

func TestACopierSaysWhatItsCopiesShare(t *testing.T) {
	t.Parallel()
	type held struct {
		Name string
		f    func()
	}
	type guarded struct {
		_ sync.Mutex
		m map[string]int
	}
	ring := []any{nil}
	ring[0] = ring
	var c Copier
	for _, v := range []any{
		nil, 1, "a", []any{1, map[string]any{"a": []string{"b"}}}, &struct{ A *int }{new(int)}, time.Now(), errors.New("boom"), []error{io.EOF},
		held{Name: "a"}, (chan int)(nil), ring, [2]any{1, ring}, map[any]any{1: nil}, reflect.TypeFor[int](), [3]int{},
	} {
		if !c.Whole(v) {
			t.Errorf("a copy of %T shares something", v)
		}
	}
	for _, v := range []any{
		make(chan int), func() {}, held{f: func() {}}, []any{held{f: func() {}}}, map[string]any{"a": make(chan int)}, &guarded{}, []*guarded{{m: nil}},
		map[any]int{make(chan int): 1}, os.Stdout, struct{ W io.Writer }{os.Stdout}, []any{[1]func(){func() {}}}, new(sync.Mutex),
	} {
		if c.Whole(v) {
			t.Errorf("a copy of %T shares nothing", v)
		}
	}
}
