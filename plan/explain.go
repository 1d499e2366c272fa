package plan

// Explainer is implemented by nodes and layers that can say what they do. Nothing calls it when a pipeline is compiled or run.
type Explainer interface {
	// Explain says in plain words what the node or layer does, settings included, for somebody who does not know weir. It is
	// one fragment on one line, which begins with a verb and follows the step's name: "tries up to 3 times, waiting 1 s,
	// then 2 s". A layer that gives none has nothing to tell its reader and is not shown.
	Explain() string
}

// Effect is something that a step touches besides its input and output, as it was written: a model, a file, an address, a
// key of the run's state. It says what may happen, not what did.
type Effect struct {
	Verb Verb `json:"verb"`
	// What is touched, expressions as written: openai:gpt-4o-mini, report-{{ context.day }}.md.
	What string `json:"what"`
}

// Verb is what is done to the thing that an Effect names.
type Verb string

const (
	// Asks a language model.
	Asks Verb = "asks"
	// Reads a file.
	Reads Verb = "reads"
	// Writes a file.
	Writes Verb = "writes"
	// Sends a request to an address.
	Sends Verb = "sends"
	// Stores something in the run's state.
	Stores Verb = "stores"
)

// Effector is implemented by nodes and layers that touch something besides the step's input and output.
type Effector interface {
	// Effects lists what is touched.
	Effects() []Effect
}

// Around is a layer round a step, for its reader.
type Around struct {
	// Name is the layer's.
	Name string
	// Text is what it says of itself; the name where it says nothing.
	Text string
	// Added says that nobody wrote the layer: a pass put it there.
	Added bool
}

// Explain says in plain words what the step does: what its node says, or else the name of its kind.
func (s *Site) Explain() string {
	if s.step != nil {
		if e, ok := s.step.Node.(Explainer); ok {
			if text := e.Explain(); text != "" {
				return text
			}
		}
	}
	return s.Kind
}

// Around gives the layers round the step, outermost first, without those that have nothing to tell a reader.
func (s *Site) Around() []Around {
	if s.step == nil {
		return nil
	}
	var list []Around
	written := s.step.Layers
	for _, l := range s.layers {
		if l == nil {
			continue
		}
		a := Around{Name: l.Name(), Text: l.Name(), Added: true}
		for i, w := range written { // passes keep the order of what was written
			if w != nil && w.Name() == a.Name {
				a.Added, written = false, written[i+1:]
				break
			}
		}
		if e, ok := l.(Explainer); ok {
			if a.Text = e.Explain(); a.Text == "" {
				continue
			}
		}
		list = append(list, a)
	}
	return list
}

// Effects lists what the step and its layers touch, but for what stands below it.
func (s *Site) Effects() []Effect {
	if s.step == nil {
		return nil
	}
	var list []Effect
	if e, ok := s.step.Node.(Effector); ok {
		list = e.Effects()
	}
	for _, l := range s.layers {
		if e, ok := l.(Effector); ok {
			list = append(list, e.Effects()...)
		}
	}
	return list
}

// settle tells the sites which layers stand round their steps after the passes.
func settle(t *Tree) {
	if t.Site != nil && t.Step != nil {
		t.Site.layers = t.Step.Layers
	}
	for _, c := range t.Children {
		settle(c)
	}
}
