package state

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
)

func TestAppendAddsToTheListOfAKey(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		texts := NewKey[[]string]("texts")
		loose, err := Declare("loose", []any{})
		if err != nil {
			t.Fatal(err)
		}
		nothing, _ := Declare("nothing", nil)
		var s Scope
		s.Init(plain, texts.With([]string{"a"}), loose, nothing, Value{key: NewKey[[]int]("unset").d})
		before := s.Snapshot()
		for _, err := range []error{
			s.Append("texts", "b", "c"), s.Append("loose", 1, "x"), s.Append("nothing", true), s.Append("unset", 2.0), s.Append("texts"),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		for name, want := range map[string]any{
			"texts": []string{"a", "b", "c"}, "loose": []any{1, "x"}, "nothing": []any{true}, "unset": []int{2},
		} {
			if got, _ := s.Lookup(name); !reflect.DeepEqual(got, want) {
				t.Errorf("%s holds %v, want %v", name, got, want)
			}
		}
		if was, _ := texts.From(before); len(was) != 1 {
			t.Errorf("the snapshot of before holds %v", was)
		}
	}
}

func TestAppendRefusesWhatIsNoListOrDoesNotFit(t *testing.T) {
	t.Parallel()
	var s Scope
	s.Init(false, NewKey[int]("n").With(1), NewKey[[]int]("ns").With([]int{1}))
	mark := s.Mark()
	var list *PathError
	var typ *TypeError
	var unknown *UnknownKeyError
	switch {
	case !errors.As(s.Append("n", 1), &list) || !errors.Is(list, ErrNoList):
		t.Error("a number is no list")
	case !errors.As(s.Append("ns", 2, "x"), &typ):
		t.Error("text is no number")
	case !errors.As(s.Append("no", 1), &unknown) || fmt.Sprint(unknown.Known) != "[n ns]":
		t.Error("an unknown key is taken")
	case !errors.Is(s.Append("scratchpad", 1), ErrScratchpad), s.Append("", 1) == nil, s.Append("\x00k", 1) == nil:
		t.Error("a name is taken that is none")
	case s.Changed(mark):
		t.Error("something was written")
	}
}

func TestAppendsAtTheSameTimeAreAllKept(t *testing.T) {
	t.Parallel()
	var s Scope
	s.Init(false, NewKey[[]int]("ns").With(nil))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if err := s.Append("ns", i); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, _ := s.Lookup("ns"); len(got.([]int)) != 50 {
		t.Errorf("%d of 50 are kept", len(got.([]int)))
	}
}

func TestListTypeSaysWhatAKeyTakes(t *testing.T) {
	t.Parallel()
	anything, _ := Declare("any", nil)
	for _, v := range []Value{NewKey[[]string]("a").With(nil), NewKey[any]("b").With(nil), anything} {
		if _, ok := v.ListType(); !ok {
			t.Errorf("%s takes no list", v.Name())
		}
	}
	for _, v := range []Value{NewKey[error]("c").With(nil), NewKey[int]("d").With(1), NewKey[map[string]any]("e").With(nil)} {
		if _, ok := v.ListType(); ok {
			t.Errorf("%s takes a list", v.Name())
		}
	}
}

func TestB003_AKeyCalledScratchpadIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	wantPanic(t, func() { NewKey[map[string]any]("scratchpad") }, "scratchpad", "key of its own")
	if _, err := Declare("scratchpad", map[string]any{}); !errors.Is(err, ErrScratchpad) {
		t.Errorf("error %v", err)
	}
}
