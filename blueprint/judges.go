package blueprint

import (
	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/plugin"
	"github.com/weirflow/weir/layer/validate"
	"github.com/weirflow/weir/plan"
)

// judges gives the layers of plugins and checks: one of both for a validation step.
func (w *written) judges() []plan.Layer {
	plugins, checks := w.plugins(), w.checks()
	if judges, strict := w.validationStep(); judges {
		var parts []validate.Part
		for _, p := range plugins {
			parts = append(parts, p)
		}
		for _, c := range checks {
			parts = append(parts, c)
		}
		if strict {
			return []plan.Layer{validate.Strict(parts...)}
		}
		return []plan.Layer{validate.Report(parts...)}
	}
	var layers []plan.Layer
	if len(plugins) > 0 {
		layers = append(layers, plugin.With(plugins...))
	}
	if len(checks) > 0 {
		layers = append(layers, validate.All(checks...))
	}
	return layers
}

// plugins gives the plugins in written order.
func (w *written) plugins() []plugin.Plugin {
	var plugins []plugin.Plugin
	names := map[string]bool{}
	at := w.at.key("plugins")
	for i, n := range w.common.Plugins {
		at := at.index(i)
		p := plugging{}
		if n.kind == textNode {
			p.Fn = w.function(n, at)
		} else {
			w.object(n, at, "plugin", w.shapeOf(&p))
		}
		if p.Name != "" {
			p.Fn.Name = p.Name
		}
		opts := []plugin.Option{plugin.Priority(p.Priority)}
		for _, b := range p.RedirectTo {
			if len(b.Step.Node.Children()) > 0 && !w.failed(at.key("redirect_to")) {
				w.wrong(n.get("redirect_to").get(b.Name).position, at.key("redirect_to").key(b.Name), "give a step that uses a function or an agent",
					"%s runs other steps; a plugin hands the work to one that does it itself", quoted(b.Name))
			}
			opts = append(opts, plugin.Targets(weir.Dynamic(b.Step.Step).Named(b.Name)))
		}
		switch {
		case p.Fn.Call == nil || w.failed(at): // told when it was read
			continue
		case names[p.Fn.Name]:
			w.wrong(n.position, at, "give one a name of its own", "two plugins are called %s", quoted(p.Fn.Name))
		}
		names[p.Fn.Name] = true
		plugins = append(plugins, plugin.Func(p.Fn, opts...))
	}
	return plugins
}
