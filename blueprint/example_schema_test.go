package blueprint_test

import (
	"encoding/json"
	"fmt"

	"github.com/weirflow/weir/blueprint"
	"github.com/weirflow/weir/step/kinds"
)

func ExampleSchema() {
	var schema struct {
		Required []string
		Defs     map[string]struct{ Required []string } `json:"$defs"`
	}
	if err := json.Unmarshal(blueprint.Schema(blueprint.Options{Kinds: kinds.All()}), &schema); err != nil {
		fmt.Println(err)
	}
	fmt.Println(schema.Required, schema.Defs["step.loop"].Required)
	// Output: [version steps] [loop]
}
