package openai_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/provider/openai"
)

// A model of a local server, which needs no key. It is asked for nothing here, so that the example runs without one.
func ExampleNew() {
	m, err := openai.New(openai.Config{Model: "llama3.2", BaseURL: "http://localhost:11434/v1", Provider: "ollama"})
	if err != nil {
		fmt.Println(err)
		return
	}
	named, _ := m.(model.Named)
	fmt.Println(named.Provider(), named.Name())

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = m.Generate(ctx, &model.Request{Messages: []model.Message{{Role: model.RoleUser, Content: "Hello"}}})
	fmt.Println(err)
	// Output:
	// ollama llama3.2
	// ollama: context canceled
}
