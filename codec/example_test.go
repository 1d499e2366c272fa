package codec_test

import (
	"fmt"

	"github.com/weirflow/weir/codec"
)

type ticket struct {
	Title string
	Votes map[string]int
}

func ExampleNew() {
	c := codec.New(codec.Of[ticket]())
	data, err := c.Encode([]any{ticket{"slow", map[string]int{"ada": 2}}, 1.0, 1})
	fmt.Println(string(data), err)
	back, err := c.Decode(data, nil)
	fmt.Printf("%#v %v\n", back, err)
	// Output:
	// [{"$":"github.com/weirflow/weir/codec_test.ticket","v":{"Title":"slow","Votes":{"ada":2}}},1.0,{"$":"int","v":1}] <nil>
	// []interface {}{codec_test.ticket{Title:"slow", Votes:map[string]int{"ada":2}}, 1, 1} <nil>
}
