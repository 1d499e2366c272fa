package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// textOf is the text form of a value: text as it is, nil as none, everything else as JSON.
func textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // models read this, browsers do not
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("the input cannot be written as JSON: %w; give the step a Prompt", err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// request makes the first question of an execution.
func (n *node) request(ctx context.Context, in any) (*model.Request, error) {
	system, err := n.system(ctx, in)
	if err != nil {
		return nil, promptError("system prompt", err)
	}
	prompt, err := n.prompt(ctx, in)
	if err != nil {
		return nil, promptError("prompt", err)
	}
	r := &model.Request{System: system, Settings: n.settings}
	if prompt != "" {
		r.Messages = []model.Message{{Role: model.RoleUser, Content: prompt}}
	}
	if system == "" && prompt == "" {
		return nil, promptError("prompt", fmt.Errorf("there is neither a system prompt nor a prompt; give the step one, or an input"))
	}
	return r, nil
}

// promptError is the failure of making a question. Another attempt would make it again, so none is made; what no handler may
// swallow, and an input of the wrong type, pass as they are.
func promptError(what string, err error) error {
	if plan.Final(err) {
		return err
	}
	if plan.CodeOf(err) == plan.CodeType {
		return plan.NoRetry(err)
	}
	return plan.NoRetry(plan.Errorf(plan.CodePrompt, "the %s: %w", what, err))
}
