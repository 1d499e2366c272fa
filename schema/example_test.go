package schema_test

import (
	"encoding/json"
	"fmt"

	"github.com/weirflow/weir/schema"
)

// A schema made of a Go type tells everything that is wrong with a JSON text.
func ExampleFor() {
	type person struct {
		Name string `json:"name" jsonschema:"first and last name"`
		Age  int    `json:"age,omitempty"`
	}
	s, err := schema.For[person]()
	if err != nil {
		fmt.Println(err)
		return
	}
	var ada person
	fmt.Println(s.Decode([]byte(`{"name":"Ada"}`), &ada), ada.Name)
	for _, p := range s.Check(map[string]any{"name": 7, "age": "old"}) {
		fmt.Println(p.Place)
	}
	// Output:
	// <nil> Ada
	// age
	// name
}

// Without a Go type a value becomes plain values.
func ExampleSchema_Convert() {
	s, err := schema.Parse(json.RawMessage(`{"type": "array", "items": {"type": "integer"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, given := range []any{[]int{1, 2}, "[1, 2]", []any{1.0, json.Number("2")}} {
		var list any
		err := s.Convert(given, &list)
		fmt.Println(list, err)
	}
	// Output:
	// [1 2] <nil>
	// [1 2] <nil>
	// [1 2] <nil>
}
