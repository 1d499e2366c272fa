package blueprint

import (
	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/layer/validate"
)

// checks gives the checks of the output.
func (w *written) checks() []validate.Check {
	written, key := w.common.Validate, "validate"
	if w.common.Validators != nil {
		if written != nil {
			w.wrong(w.node.get("validators").position, w.at.key("validators"), "keep one of them", "validate and validators say the same thing")
		}
		written, key = w.common.Validators, "validators"
	}
	var checks []validate.Check
	for i, n := range written {
		if c, ok := w.check(n, w.at.key(key).index(i)); ok {
			checks = append(checks, c)
		}
	}
	return checks
}

// check reads one entry; there is none when a mistake was found in it.
func (w *written) check(n *node, at path) (validate.Check, bool) {
	var c checking
	if n.kind == textNode {
		c.Fn = w.function(n, at)
		return validate.Func(c.Fn.Name, c.Fn), c.Fn.Call != nil
	}
	w.object(n, at, "check", w.shapeOf(&c))
	if w.failed(at) {
		return validate.Check{}, false
	}
	switch {
	case !c.Check.Set() && c.Fn.Call == nil:
		w.wrong(n.position, at, "give it check, an expression, or fn, a registered function", "the check says nothing that must hold")
		return validate.Check{}, false
	case c.Check.Set() && c.Fn.Call != nil:
		w.wrong(n.get("fn").position, at.key("fn"), "keep one", "check and fn both say what must hold")
	case c.Fn.Call != nil:
		if m := n.get("message"); m != nil {
			w.wrong(m.position, at.key("message"), "let the function return it", "message is for an expression; a function says itself what is wrong")
		}
		if c.Name == "" {
			c.Name = c.Fn.Name
		}
		return validate.Func(c.Name, c.Fn), true
	case c.Name == "":
		w.wrong(n.position, at, "name: has rows", "a check needs a name, which errors and results tell it by")
	}
	if p, ok := c.Check.Program.(*expr.Program); ok && p.Type() != "bool" && p.Type() != "dyn" {
		w.wrong(n.get("check").position, at.key("check"), "compare it with something",
			"a check must be true or false; this one is of type %s", p.Type())
	}
	return validate.Expr(c.Name, c.Check, c.Message), true
}
