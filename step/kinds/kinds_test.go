package kinds_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/step/kinds"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
)

func TestNamesAndAliasesStandOnce(t *testing.T) {
	t.Parallel()
	taken := map[string]string{"step": "the blueprint", "fallback": "the blueprint"}
	for _, k := range kinds.All() {
		for _, name := range append([]string{k.Name}, k.Aliases...) {
			if by, ok := taken[name]; ok || name == "" {
				t.Errorf("the name %q of %s is taken by %s", name, k.Name, by)
			}
			taken[name] = k.Name
		}
	}
	for _, name := range []string{"parallel", "map", "loop", "conditional"} {
		if taken[name] == "" {
			t.Errorf("the kind %s is missing", name)
		}
	}
}

func TestEverySpecExplainsItsFields(t *testing.T) {
	t.Parallel()
	for _, k := range kinds.All() {
		if !strings.HasSuffix(k.Doc, ".") {
			t.Errorf("%s: the doc %q is no sentence", k.Name, k.Doc)
		}
		s := k.New()
		if s == nil || s == k.New() {
			t.Fatalf("%s: New gives no spec of its own", k.Name)
		}
		of := reflect.TypeOf(s)
		if of.Kind() != reflect.Pointer || of.Elem().Kind() != reflect.Struct {
			t.Fatalf("%s: the spec is a %v; want a pointer to a struct", k.Name, of)
		}
		keys := map[string]bool{}
		for f := range of.Elem().Fields() {
			if !f.IsExported() {
				continue
			}
			key, _, _ := strings.Cut(f.Tag.Get("weir"), ",")
			if key == "-" {
				continue
			}
			if key == "" || keys[key] {
				t.Errorf("%s: the field %s has the key %q, which is none or taken", k.Name, f.Name, key)
			}
			keys[key] = true
			if !strings.HasSuffix(f.Tag.Get("doc"), ".") {
				t.Errorf("%s: the doc %q of %s is no sentence", k.Name, f.Tag.Get("doc"), key)
			}
		}
	}
}

func TestAnEmptySpecMakesANodeOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	for _, k := range kinds.All() {
		if n, err := k.New().Node(); (n == nil) == (err == nil) {
			t.Errorf("%s: an empty spec made %v, %v; want one of the two", k.Name, n, err)
		}
	}
}

func TestTheListBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	kinds.All()[0].Name = "mine"
	if kinds.All()[0].Name == "mine" {
		t.Error("a change of the list shows in the next one")
	}
}

func TestB018_KindsInEachOtherDoNotDeadlockUnderALimitOfOne(t *testing.T) {
	t.Parallel()
	var working, over atomic.Int32
	leaf := func(name string) weir.Step[int, int] {
		return weir.Func(name, func(_ context.Context, n int) (int, error) {
			if working.Add(1) > 1 {
				over.Add(1)
			}
			defer working.Add(-1)
			runtime.Gosched() // gives the others a chance to come in
			return n + 1, nil
		})
	}
	first := weir.Func("first", func(_ context.Context, all []int) (int, error) { return all[0], nil })
	s := parallel.All("outer", loop.Times("rounds", 3, weir.Then(parallel.All("inner", leaf("a"), leaf("b")), first)), leaf("c"))
	p, err := weir.Compile(s, &weir.Config{Limiter: limit.New(1)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Run(t.Context(), 0)
	if err != nil || fmt.Sprint(out) != "[3 1]" || over.Load() > 0 {
		t.Errorf("got %v, %v, and %d times two worked at once; want [3 1] and never", out, err, over.Load())
	}
}
