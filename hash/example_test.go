package hash_test

import (
	"fmt"

	"github.com/weirflow/weir/hash"
)

func ExampleOf() {
	a, _ := hash.Of(nil, "summarise", map[string]any{"tone": "dry", "words": 100})
	b, _ := hash.Of(nil, "summarise", map[string]any{"words": 100.0, "tone": "dry"})
	c, _ := hash.Of(nil, "summarise", map[string]any{"words": 99, "tone": "dry"})
	fmt.Println(a == b, a == c, len(a))
	// Output: true false 64
}
