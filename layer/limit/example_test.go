package limit_test

import (
	"context"
	"fmt"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/limit"
)

func ExampleBy() {
	database := limit.New(4) // of all steps that use it
	read := weir.Func("read", func(_ context.Context, id int) (string, error) {
		return fmt.Sprintf("row %d, %d of %d connections in use", id, database.InUse(), database.Size()), nil
	}).With(limit.By(database))

	fmt.Println(weir.Do(context.Background(), read, 7))
	// Output: row 7, 1 of 4 connections in use <nil>
}
