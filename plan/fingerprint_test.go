package plan

import (
	"reflect"
	"testing"
)

// setting is a node or layer with settings.
type setting struct{ says string }

func (setting) Kind() string                { return "setting" }
func (setting) Name() string                { return "setting" }
func (setting) Children() []Child           { return nil }
func (setting) Build(*Builder) Op           { return nil }
func (setting) Wrap(_ *Builder, next Op) Op { return next }
func (s setting) Fingerprint() string       { return s.says }

func TestStepsThatAnswerAlikeHaveOneFingerprint(t *testing.T) {
	t.Parallel()
	of := func(change func(s *Step)) string {
		s := &Step{Name: "a", Node: setting{"x"}, Layers: []Layer{setting{"y"}}, In: reflect.TypeFor[int]()}
		change(s)
		return Fingerprint(&Step{Name: "main", Node: &Sequence{Steps: []*Step{s}}})
	}
	plain := of(func(*Step) {})
	if of(func(s *Step) { s.Source = "a.yaml:1"; s.Layers = append(s.Layers, setting{}, nil) }) != plain {
		t.Error("what cannot change an answer counts")
	}
	seen := map[string]bool{plain: true}
	for i, change := range []func(*Step){
		func(s *Step) { s.Name = "b" }, func(s *Step) { s.Node = setting{"z"} }, func(s *Step) { s.Layers = nil },
		func(s *Step) { s.Layers = []Layer{setting{"z"}} }, func(s *Step) { s.In = nil }, func(s *Step) { s.Out = s.In },
		func(s *Step) { s.Node = &Sequence{} },
	} {
		if f := of(change); seen[f] {
			t.Errorf("change %d does not count: %s", i, f)
		} else {
			seen[f] = true
		}
	}
	if Fingerprint(nil) != "" {
		t.Error("a step that was never made has a fingerprint")
	}
}
