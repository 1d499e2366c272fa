package weir_test

import (
	"os"
	"strings"
	"testing"

	"github.com/weirflow/weir"
)

// twins are the files in which the plain twins stand.
var twins = map[string]string{
	"cow": "state/plain.go", "pool": "engine/local/reuse.go", "spine": "engine/local/plain.go", "crew": "engine/local/crew.go", "lazycancel": "internal/cancel/cancel.go",
	"typed": "plan/cell.go", "key": "hash/keying.go", "lookup": "cache/lru.go", "limiter": "layer/limit/channel.go", "flatten": "pass/flatten/flatten.go", "park": "plan/rest.go", "stack": "stack.go", "tape": "tape.go", "codec": "codec/json.go",
}

func TestEveryOptimisationHasATwinThatSaysWhoseIdiomItIs(t *testing.T) {
	t.Parallel()
	doc := string(must(os.ReadFile("docs/optimisations.md")))
	for _, name := range weir.Optimisations() {
		if !strings.Contains(doc, "| `"+name+"` |") {
			t.Errorf("%s is not in docs/optimisations.md", name)
		}
		file, ok := twins[name]
		if !ok {
			t.Errorf("%s: add the file of its plain twin to twins", name)
			continue
		}
		text := string(must(os.ReadFile(file)))
		if !strings.Contains(text, "twin") || !strings.Contains(text, "idiom") {
			t.Errorf("%s: the twin in %s does not say in whose idiom it is written", name, file)
		}
	}
}
