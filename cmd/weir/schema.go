package main

import (
	"os"

	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/step/kinds"
)

// schemaCommand writes the JSON Schema of pipelines.
type schemaCommand struct {
	Out string `help:"Write it to this file, in place of what is there (default: standard output)." placeholder:"FILE"`
}

// Help is the long help.
func (*schemaCommand) Help() string {
	return `Editors that read JSON Schema complete keys, show what they are for, and flag mistakes. For those with yaml-language-server ` +
		`(VS Code's YAML extension, Neovim, Helix, Zed) write the schema beside the pipeline and name it in the first line of the pipeline:

  weir schema --out weir.schema.json

  # yaml-language-server: $schema=weir.schema.json

The schema knows which keys there are and what they hold; weir validate also checks names, values and expressions.`
}

// Run writes it.
func (c *schemaCommand) Run(t terminal) error {
	text := pipelineSchema()
	if c.Out == "" {
		_, err := t.out.Write(text)
		return err
	}
	if err := os.WriteFile(c.Out, text, 0o644); err != nil {
		return wrongUsage("--out: the schema cannot be written: %v", err)
	}
	return nil
}

// pipelineSchema is the schema of what this command runs.
func pipelineSchema() []byte { return blueprint.Schema(blueprint.Options{Kinds: kinds.All()}) }
