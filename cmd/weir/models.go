package main

import (
	"context"
	"strings"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/provider/openai"
)

// registry gives the models that the environment names, or the one named instead. Without an endpoint a model is still there, and says so when it is asked: a
// pipeline with a fallback does its job without one.
func registry(instead string) model.Registry {
	r, configured := openai.FromEnv()
	switch {
	case !configured:
		return absent{}
	case instead != "":
		return override{r, provider + strings.TrimPrefix(instead, provider)}
	}
	return r
}

// provider is how the names of this provider's models begin.
const provider = "openai:"

// override asks one model for every model of the provider.
type override struct {
	model.Registry
	name string
}

// Model gives the one model.
func (o override) Model(name string) (model.Model, error) {
	if strings.HasPrefix(name, provider) {
		name = o.name
	}
	return o.Registry.Model(name)
}

// absent answers for every model of a known provider.
type absent struct{}

// Model gives a model that cannot answer.
func (absent) Model(name string) (model.Model, error) {
	if short, ok := strings.CutPrefix(name, provider); !ok || short == "" {
		return nil, model.Unknown(name, "openai:… (any model of the endpoint, such as openai:gpt-4o-mini)")
	}
	return model.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return nil, plan.NoRetry(&model.Error{Class: plan.ClassAuth, Provider: "openai",
			Text: "no model is configured; set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server"})
	}), nil
}
