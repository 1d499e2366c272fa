package pool_test

import (
	"fmt"

	"github.com/weirflow/weir/pool"
)

func ExampleNew() {
	lines := pool.New(pool.Config[[]byte]{
		New:   func() *[]byte { return new(make([]byte, 0, 4096)) },
		Reset: func(b *[]byte) { *b = (*b)[:0] },
		Clean: func(b *[]byte) bool { return cap(*b) <= 1<<16 }, // one that has grown too big is let go
		Max:   100,
	})
	for range 3 {
		b := lines.Get()
		*b = append(*b, "some text"...)
		lines.Put(b)
	}
	s := lines.Stats()
	fmt.Println(s.Gets, s.Created, s.Current)
	// Output: 3 1 1
}
