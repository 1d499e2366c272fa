package agent

import (
	"context"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// call asks the model: for the answer in parts where somebody waits for them, for the whole everywhere else. The answer of a
// model that does not stream is one part.
func (a *asker) call(ctx context.Context, f plan.Frame, r *model.Request) (*model.Response, error) {
	tell := f.Chunks(a.site)
	if tell == nil {
		return a.model.Generate(ctx, r)
	}
	if s, ok := a.model.(model.Streamer); ok {
		t := telling{ctx: ctx, tell: tell}
		return t.ended(s.Stream(ctx, r, t.take))
	}
	resp, err := a.model.Generate(ctx, r)
	if err == nil && resp != nil {
		tell(resp.Text)
	}
	return resp, err
}

// telling is one answer that is told in parts.
type telling struct {
	ctx  context.Context
	tell func(text string)
	told int // bytes
}

// take tells a part. It ends the stream when the step has been stopped, also while whoever takes the parts kept it waiting.
func (t *telling) take(c model.Chunk) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if t.told += len(c.Text); t.told > model.MaxResponse {
		return &model.Error{Class: plan.ClassInvalidOutput, Text: "the model's answer is longer than an answer may be"}
	}
	t.tell(c.Text)
	return t.ctx.Err()
}

// ended judges how a stream ended. What was told cannot be taken back: a failure after it is the step's, and no attempt follows
// (spec/core.md §3.11). The same holds for a stream that ended without an answer (§1.4).
func (t *telling) ended(resp *model.Response, err error) (*model.Response, error) {
	switch {
	case t.told == 0 || plan.Final(err):
		return resp, err
	case err == nil && resp == nil:
		err = &model.Error{Class: plan.ClassInvalidOutput, Text: "the model produced no terminal outcome: its stream ended without an answer"}
	case err == nil:
		return resp, nil
	}
	return nil, plan.NoRetry(err)
}
