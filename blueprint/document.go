package blueprint

import (
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// Version is the version of the format that this package reads.
const Version = 1

// document are the keys of a blueprint.
type document struct {
	Version     *node    `weir:"version,required" doc:"The version of the format: 1." holds:"version"`
	Name        string   `weir:"name" doc:"What the pipeline is called."`
	Description string   `weir:"description" doc:"What it is for."`
	Agents      *node    `weir:"agents" doc:"Agents that steps use, by name." holds:"agents"`
	Context     *node    `weir:"context" doc:"The keys of the run's context, by name: type, default and reducer." holds:"context"`
	Without     []string `weir:"without" doc:"Optimisations to leave out, or all."`
	Limits      limits   `weir:"limits" doc:"What a run may use at most."`
	Steps       *node    `weir:"steps,required" doc:"The steps, one after the other." holds:"steps"`
}

// limits are the keys of the section limits.
type limits struct {
	Duration time.Duration `weir:"duration" doc:"How long a run may take: 10m, or a number of seconds. Default: no limit."`
	Calls    *int          `weir:"calls" doc:"How many requests to models. Default: no limit."`
	Tokens   *int          `weir:"tokens" doc:"How many tokens. Default: no limit."`
	CostUSD  *float64      `weir:"cost_usd" doc:"How much money, in US dollars. Default: no limit."`
}

// document reads the whole of a blueprint.
func (d *decoder) document(root *node) *Blueprint {
	if root.kind != mapNode {
		d.add(root.position, Error{Stage: Read, Text: "a blueprint is a map with the keys version and steps, not " + root.describe()})
		return nil
	}
	var doc document
	d.object(root, "", "blueprint", d.shapeOf(&doc))
	d.version(doc.Version)
	b := &Blueprint{Name: doc.Name, Description: doc.Description, Version: Version, Without: doc.Without}
	b.Limits = d.limits(root.get("limits"), &doc.Limits)
	if doc.Context != nil {
		b.State, b.Keys = d.declarations(doc.Context, "context")
		d.declared = doc.Context
		d.state = b.State
	}
	if doc.Agents != nil {
		d.readAgents(doc.Agents)
	}
	if doc.Steps != nil {
		b.Step = d.steps(doc.Steps)
	}
	d.scope = &scope{}
	d.unusedAgents()
	return b
}

func (d *decoder) version(n *node) {
	switch {
	case n == nil:
	case n.kind == intNode && n.value == Version, n.kind == textNode && n.text == "1":
	default:
		d.refuse(n, "version", "write version: 1", "this version of weir does not read version %s of the format", quoted(n.text))
	}
}

// steps reads the pipeline itself.
func (d *decoder) steps(n *node) *plan.Step {
	if n.kind != listNode {
		d.mismatch(n, "steps", "a list of steps")
		return nil
	}
	if len(n.items) == 0 {
		d.refuse(n, "steps", "give at least one", "there are no steps")
		return nil
	}
	d.scope = &scope{}
	made := d.sequence(n, "steps")
	d.scope.keep()
	if q, ok := made.Node.(*plan.Sequence); ok && d.input && len(q.Steps) > 0 {
		first := q.Steps[0]
		first.Layers = append([]plan.Layer{keepInput()}, first.Layers...)
	}
	return made
}

// limits turns the section limits into those of a run.
func (d *decoder) limits(n *node, l *limits) usage.Limits {
	var all usage.Limits
	if n == nil {
		return all
	}
	all.Duration = l.Duration
	if l.Calls != nil {
		all.Calls = usage.AtMost(int64(*l.Calls))
	}
	if l.Tokens != nil {
		all.Tokens = usage.AtMost(int64(*l.Tokens))
	}
	if l.CostUSD != nil {
		if cost, ok := microUSD(*l.CostUSD); ok {
			all.Cost = usage.AtMost(cost)
		} else {
			d.wrong(n.get("cost_usd").position, "limits.cost_usd", "", "cost_usd is out of range")
		}
	}
	d.tell(n, "limits", all.Validate())
	return all
}
