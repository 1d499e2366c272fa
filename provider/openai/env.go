package openai

import (
	"os"
	"strings"
	"sync"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

// FromEnv gives a registry for names such as "openai:gpt-4o", and whether the environment names an endpoint:
// OPENAI_API_KEY or OPENAI_BASE_URL is set. The registry is never nil; without an endpoint each name is an error that says
// what to set. One name gives one model, however often it is asked for.
func FromEnv() (model.Registry, bool) {
	r := &registry{config: Config{}.complete(), models: map[string]model.Model{}}
	return r, os.Getenv(envKey) != "" || os.Getenv(envURL) != ""
}

// registry makes models as they are asked for.
type registry struct {
	config Config

	mu     sync.Mutex
	models map[string]model.Model
}

var _ model.Registry = (*registry)(nil)

// Model gives the model of a name that begins with "openai:".
func (r *registry) Model(name string) (model.Model, error) {
	short, ok := strings.CutPrefix(name, officialName+":")
	if !ok || short == "" {
		return nil, model.Unknown(name, officialName+":… (any model of the endpoint, such as openai:gpt-4o-mini)")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.models[short]; m != nil {
		return m, nil
	}
	c := r.config
	c.Model = short
	m, err := New(c)
	if err != nil {
		return nil, plan.Errorf(plan.CodeMissingAgent, "model %q: %w", name, err)
	}
	r.models[short] = m
	return m, nil
}
