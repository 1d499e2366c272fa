package agent

import (
	"context"
	"errors"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// asker is the compiled step.
type asker struct {
	node   *node
	model  model.Model
	prices usage.Prices
	site   *plan.Site
	name   string
	reask  int
}

// run asks, and asks again while the answer does not pass.
func (a *asker) run(ctx context.Context, f plan.Frame, in any) (any, error) {
	r, err := a.node.request(ctx, in)
	if err != nil {
		return nil, err
	}
	r.Schema = a.node.output.wanted(a.name)
	for again := 0; ; again++ {
		resp, err := a.ask(ctx, f, r)
		if err != nil {
			return nil, err
		}
		if resp == nil {
			return nil, nil // a model may answer nothing
		}
		out, problems := a.node.output.judge(resp.Text)
		if len(problems) == 0 {
			a.note(f, resp, again)
			return out, nil
		}
		if resp.Finish == model.FinishLength {
			problems = append(problems, "the answer was cut at its greatest length; it must be shorter, or max_tokens greater")
		}
		if again >= a.reask {
			a.note(f, resp, again)
			return resp.Text, &OutputError{Problems: problems, Answer: excerpt(resp.Text, maxExcerpt)}
		}
		if over := usage.Reserve(ctx, usage.Usage{Requests: 1}); over != nil {
			a.note(f, resp, again)
			return resp.Text, over
		}
		r.Messages = append(r.Messages, sendBack(resp.Text, problems, a.node.output.schema == nil)...)
	}
}

// ask makes one call and reports what it used, also when it failed.
func (a *asker) ask(ctx context.Context, f plan.Frame, r *model.Request) (*model.Response, error) {
	resp, err := a.call(ctx, f, r)
	if err != nil {
		if over := usage.Report(ctx, a.failed(err)); over != nil {
			return nil, over
		}
		return nil, err
	}
	if over := usage.Report(ctx, a.used(resp)); over != nil {
		return nil, over
	}
	return resp, nil
}

// failed is what a call used that failed: one request, and what the error tells.
func (a *asker) failed(err error) usage.Usage {
	var u usage.Usage
	if e, ok := errors.AsType[*model.Error](err); ok {
		u = e.Usage
	}
	return a.priced(u, "")
}

// used is what a call used. A text without any count of tokens counts one token and no money (spec/core.md §7.2).
func (a *asker) used(resp *model.Response) usage.Usage {
	if resp == nil {
		return usage.Usage{Requests: 1}
	}
	u := a.priced(resp.Usage, resp.Model)
	if u.Tokens() == 0 && resp.Text != "" {
		u.OutputTokens = 1
	}
	return u
}

// priced fills in the request and, where the provider did not say, the cost: by the name of the model that answered, which
// may be more exact, or of the one that was asked.
func (a *asker) priced(u usage.Usage, answered string) usage.Usage {
	u = u.Clamp()
	u.Requests = max(u.Requests, 1)
	if u.Cost > 0 || u.Tokens() == 0 {
		return u
	}
	var provider, name string
	if n, ok := a.model.(model.Named); ok {
		provider, name = n.Provider(), n.Name()
	}
	cost, known := a.prices.Cost(provider, answered, u)
	if !known {
		cost, _ = a.prices.Cost(provider, name, u)
	}
	u.Cost = cost
	return u
}

// note keeps what is worth knowing about an answer.
func (a *asker) note(f plan.Frame, resp *model.Response, again int) {
	if again > 0 {
		f.Note(a.site, "reasks", again)
	}
	if resp.Finish == model.FinishLength {
		f.Note(a.site, "finish_reason", resp.Finish)
	}
	if resp.Model != "" {
		f.Note(a.site, "model", resp.Model)
	}
}
