package blueprint

import (
	"context"
	"errors"

	"github.com/weirflow/weir/plan"
)

type tagged struct {
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

type counted struct {
	Count int    `json:"count"`
	First string `json:"first"`
}

// workingFuncs are the functions that cases run.
func workingFuncs() map[string]plan.Op {
	return map[string]plan.Op{
		"double": Func(func(_ context.Context, n int) (int, error) { return 2 * n, nil }),
		"fail":   Func(func(context.Context, any) (any, error) { return nil, errors.New("out of order") }),
		"thousand": Func(func(context.Context, any) ([]int, error) {
			return make([]int, 1000), nil
		}),
		"tags": Func(func(_ context.Context, t tagged) (counted, error) {
			return counted{len(t.Tags), t.Tags[0]}, nil
		}),
	}
}
