package agent

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// of gives the fingerprint of a step that was changed.
func of(change func(*DynamicSpec)) string {
	s := DynamicSpec{
		ModelName: "test:small", System: spec.Value{Source: "be brief", Program: blank{}}, Prompt: spec.Value{Source: "{{ previous_step }}", Program: blank{}},
		Schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}}}`),
	}
	change(&s)
	return plan.Fingerprint(Dynamic("ask", s))
}

// blank is a program that is never run.
type blank struct{}

func (blank) Eval(context.Context, spec.Vars) (any, error) { return nil, nil }

func TestB133_WhatIsAskedAndWhomIsInTheFingerprint(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i, change := range []func(*DynamicSpec){
		func(*DynamicSpec) {},
		func(s *DynamicSpec) { s.ModelName = "test:large" },
		func(s *DynamicSpec) { s.Model = model.Func(nil) },
		func(s *DynamicSpec) { s.System.Source = "be long" },
		func(s *DynamicSpec) { s.System = spec.Value{} },
		func(s *DynamicSpec) { s.Prompt.Source = "{{ context.topic }}" },
		func(s *DynamicSpec) { s.Settings.Temperature = model.Set(0.0) },
		func(s *DynamicSpec) { s.Settings.Extra = map[string]any{"effort": "high"} },
		func(s *DynamicSpec) { s.Settings.Extra = map[string]any{"f": func() {}} }, // no JSON
		func(s *DynamicSpec) {
			s.Schema = json.RawMessage(`{"type":"object","properties":{"b":{"type":"string"}}}`)
		},
		func(s *DynamicSpec) { s.Schema = nil },
		func(s *DynamicSpec) { s.Schema = json.RawMessage(`{"type":`) }, // Compile says what is wrong
		func(s *DynamicSpec) { s.Reask = 3 },
	} {
		f := of(change)
		if i == 11 {
			continue
		}
		if seen[f] {
			t.Errorf("change %d is not in the fingerprint %s", i, f)
		}
		seen[f] = true
	}
	if again := of(func(*DynamicSpec) {}); !seen[again] {
		t.Error("one step has two fingerprints")
	}
	long := New[string]("ask", Spec[string]{Name: "test:small", System: "be long"}).Written()
	if brief := New[string]("ask", Spec[string]{Name: "test:small", System: "be brief"}).Written(); plan.Fingerprint(long) == plan.Fingerprint(brief) {
		t.Error("the system prompt is not in the fingerprint")
	}
}
