package blueprint

import (
	"encoding/json"
	"slices"

	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/step/agent"
)

// agents is the section agents of the document. An entry is read anew for each step that uses it, since its system prompt
// sees what that step sees.
type agents struct {
	section *node
	used    []string
	// read is the weight of the entries that were read.
	read int
}

// maxAgents bounds the weight of the entries that are read, each as often as it is used.
const maxAgents = 10 * maxNodes

func (a agents) names() []string {
	if a.section == nil {
		return nil
	}
	var names []string
	for _, e := range a.section.entries {
		names = append(names, e.key)
	}
	return names
}

// readAgents takes the section; its entries are read when they are used.
func (d *decoder) readAgents(n *node) {
	if n.kind != mapNode {
		d.mismatch(n, "agents", "a map of names to agents")
		return
	}
	d.agents.section = n
}

// unusedAgents reads the entries that no step used, for their mistakes.
func (d *decoder) unusedAgents() {
	if d.agents.section == nil {
		return
	}
	for _, e := range d.agents.section.entries {
		if !slices.Contains(d.agents.used, e.key) {
			d.agent(e.key)
		}
	}
}

// agent reads one entry; there is none when a mistake was found in it.
func (d *decoder) agent(name string) (*agent.Inline, agent.DynamicSpec, bool) {
	n, at := d.agents.section.get(name), path("agents").key(name)
	if d.agents.read += n.size; d.agents.read > maxAgents {
		d.wrong(n.position, at, "make it shorter", "the agent is too large to be used so often")
		return nil, agent.DynamicSpec{}, false
	}
	entry := agent.NewInline()
	if prompt := n.get("system_prompt"); prompt != nil && prompt.kind == mapNode {
		d.refuse(prompt, at.key("system_prompt"), "write the text here", "a system prompt from a file is not supported yet by this version of weir")
		return nil, agent.DynamicSpec{}, false
	}
	d.object(n, at, "agent of the section agents", d.shapeOf(entry))
	s, err := entry.DynamicSpec()
	d.tell(n, at, err)
	return entry, s, err == nil && !d.failed(at)
}

// useAgent makes a step that asks a model.
func (w *written) useAgent(u used) {
	w.agent = true
	name := u.id[len(usesAgent):]
	if known := w.agents.names(); !slices.Contains(known, name) {
		hint := "the section agents has " + enumerate(known)
		if len(known) == 0 {
			hint = "the blueprint has no section agents"
		} else if near, ok := nearest.Name(name, known); ok {
			hint = "did you mean agents." + near + "?"
		}
		w.wrong(u.where, u.at, hint, "there is no agent %s", quoted(name))
		return
	}
	w.decoder.agents.used = append(w.decoder.agents.used, name)
	if u.with != nil {
		w.wrong(u.with.position, u.withAt, "what it is asked is the step's input", "an agent has no parameters besides its input")
	}
	entry, s, ok := w.decoder.agent(name)
	if !ok || !w.override(&s) {
		return
	}
	if entry.Timeout > 0 {
		w.agentTimeout = entry.Timeout
	}
	w.made = agent.Dynamic(w.name, s).Node
}

// override puts what the step itself says in place of what its agent says.
func (w *written) override(s *agent.DynamicSpec) bool {
	c := &w.common.Config
	if c.Temperature != nil {
		s.Settings.Temperature = model.Set(*c.Temperature)
	}
	if c.TopP != nil {
		s.Settings.TopP = model.Set(*c.TopP)
	}
	if c.TopK != nil {
		s.Settings.TopK = model.Set(int64(*c.TopK))
	}
	if conf := w.node.get("config"); conf != nil && conf.kind == mapNode {
		w.tell(conf, w.at.key("config"), s.Settings.Validate())
	}
	n := w.common.OutputSchema
	if n == nil {
		return true
	}
	if n.kind != mapNode {
		w.mismatch(n, w.at.key("output_schema"), "a JSON Schema")
		return false
	}
	// The agent's own check of schemas says what is wrong with this one.
	schema, _ := n.plain().(map[string]any)
	_, err := (&agent.Inline{Model: s.ModelName, OutputSchema: schema}).DynamicSpec()
	w.tell(w.node, w.at, err)
	if err == nil {
		s.Schema, err = json.Marshal(schema)
	}
	return err == nil
}
