package openai_test

import (
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/model/modeltest"
	"github.com/weirflow/weir/provider/openai"
)

func TestOpenAIPassesTheSuiteOfProviders(t *testing.T) {
	t.Parallel()
	modeltest.Exercise(t, func(t *testing.T) (model.Model, *modeltest.Server) {
		s := modeltest.NewOpenAI(t)
		m, err := openai.New(openai.Config{Key: modeltest.Key, BaseURL: s.URL, Model: "test-model"})
		if err != nil {
			t.Fatal(err)
		}
		return m, s
	})
}
