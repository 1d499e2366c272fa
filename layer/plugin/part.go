package plugin

import (
	"context"
	"reflect"

	"github.com/weirflow/weir/plan"
)

// Title is the plugin's name. Title, Judge, Unfit and Rank make a Plugin a part of a validation step; see validate.Part.
func (p Plugin) Title() string { return p.name }

// Judge gives the output that the plugin leaves, and why it refuses it.
func (p Plugin) Judge(ctx context.Context, f plan.Frame, out, _ any) (any, error) {
	said, err := p.run(ctx, f, out)
	switch {
	case err != nil && (plan.Final(err) || ctx.Err() != nil):
		return out, err
	case err == nil && said.RedirectTo != "":
		err = plan.Errorf(plan.CodeConfig, "it redirects to %q, but a validation step hands the work to nobody", said.RedirectTo)
	}
	switch {
	case err != nil:
		return out, refusal{&Error{Plugin: p.name, Err: err}}
	case !said.Success:
		return out, refusal{&Error{Plugin: p.name, Feedback: said.Feedback}}
	case said.NewSolution != nil:
		return said.NewSolution, nil
	}
	return out, nil
}

// Unfit says why the plugin cannot judge outputs of a type; empty: it can. A validation step judges what it was given and
// hands nothing on, so a plugin with targets cannot be part of one.
func (p Plugin) Unfit(out reflect.Type) string {
	if len(p.targets) > 0 {
		return "a plugin of a validation step has no targets: it judges the output and hands the work to nobody"
	}
	return p.wrong(out)
}

// Rank is the plugin's priority.
func (p Plugin) Rank() int { return p.priority }

// refusal is an Error that a validation step tells under the plugin's name.
type refusal struct{ whole *Error }

// Error is what the plugin said, without its name before it.
func (r refusal) Error() string { return r.whole.said() }

// Unwrap gives the whole.
func (r refusal) Unwrap() error { return r.whole }
