package kinds_test

import (
	"fmt"

	"github.com/weirflow/weir/step/kinds"
)

func ExampleAll() {
	for _, k := range kinds.All() {
		fmt.Println(k.Name)
	}
	// Output:
	// parallel
	// map
	// loop
	// conditional
	// human
	// finally
}
