package agent

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/weirflow/weir/layer/layertest"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/plan"
)

// listener is a frame that takes parts, and may do something when it got one.
type listener struct {
	layertest.Frame
	told []string
	then func()
}

func (l *listener) Chunks(*plan.Site) func(string) {
	return func(text string) {
		l.told = append(l.told, text)
		if l.then != nil {
			l.then()
		}
	}
}

// text is a step that asks m for text.
func text(m model.Model) *asker {
	return &asker{model: m, node: &node{
		system: fixed(""), prompt: func(context.Context, any) (string, error) { return "hi", nil }, output: output{decode: untyped},
	}}
}

func TestAStreamEndsWithItsStep(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	l := &listener{then: cancel}
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a", "b"}})
	if _, err := text(m).run(ctx, l, "hi"); !errors.Is(err, context.Canceled) || !slices.Equal(l.told, []string{"a"}) {
		t.Errorf("parts %q, err = %v", l.told, err)
	}
	// The end is told to the model at once, when it came while a part was taken, and a model that goes on tells nothing more.
	ctx, cancel = context.WithCancel(t.Context())
	l = &listener{then: cancel}
	late := &telling{ctx: ctx, tell: l.Chunks(nil)}
	if err := late.take(model.Chunk{Text: "a"}); !errors.Is(err, context.Canceled) || len(l.told) != 1 {
		t.Errorf("parts %q, err = %v", l.told, err)
	}
	if err := late.take(model.Chunk{Text: "late"}); !errors.Is(err, context.Canceled) || len(l.told) != 1 {
		t.Errorf("parts %q, err = %v", l.told, err)
	}
}

func TestOnlyAFailureAfterAPartIsForGood(t *testing.T) {
	t.Parallel()
	broken := &model.Error{Class: plan.ClassNetwork}
	for name, c := range map[string]struct {
		reply modeltest.Reply
		final bool
	}{
		"before the first part": {modeltest.Reply{Err: broken}, false},
		"after an empty one":    {modeltest.Reply{Parts: []string{""}, Err: broken}, false},
		"after the first part":  {modeltest.Reply{Parts: []string{"a"}, Err: broken}, true},
	} {
		_, err := text(modeltest.Replies(t, c.reply)).run(t.Context(), &listener{}, "hi")
		if !errors.Is(err, broken) || plan.Permanent(err) != c.final || plan.ClassOf(err) != plan.ClassNetwork {
			t.Errorf("%s: err = %v, for good %t; want %t", name, err, plan.Permanent(err), c.final)
		}
	}
}

func TestWhatNobodyMaySwallowPassesAStreamUntouched(t *testing.T) {
	t.Parallel()
	m := modeltest.Replies(t, modeltest.Reply{Parts: []string{"a"}, Err: plan.ErrAborted})
	if _, err := text(m).run(t.Context(), &listener{}, "hi"); err != error(plan.ErrAborted) {
		t.Errorf("err = %#v, want the very error", err)
	}
}
