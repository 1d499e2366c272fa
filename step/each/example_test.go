package each_test

import (
	"context"
	"fmt"
	"strconv"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/each"
)

func number(_ context.Context, s string) (int, error) { return strconv.Atoi(s) }

func ExampleItem() {
	ctx := context.Background()
	parse := each.Item("parse", weir.Func("line", number), each.Width(4))

	fmt.Println(weir.Do(ctx, parse, []string{"3", "1", "2"}))
	_, err := weir.Do(ctx, parse, []string{"3", "one", "2"})
	fmt.Println(err)
	// Output:
	// [3 1 2] <nil>
	// weir: parse[1]/line (func): strconv.Atoi: parsing "one": invalid syntax
}

func ExampleCollect() {
	parse := each.Collect("parse", weir.Func("line", number))

	lines, err := weir.Do(context.Background(), parse, []string{"3", "one", "2"})
	for _, line := range lines {
		fmt.Println(line.Out, line.Err)
	}
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// 0 weir: parse[1]/line (func): strconv.Atoi: parsing "one": invalid syntax
	// 2 <nil>
	// <nil>
}
