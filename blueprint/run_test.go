package blueprint

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weirflow/weir/plan"
)

type tagged struct {
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

// event is as much of a failure, or of what became of a body, as the function told reads.
type event struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Error   string `json:"error"`
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
		"told": Func(func(_ context.Context, e event) (any, error) {
			if e.Path == "" || e.Code != "failed" || !strings.Contains(e.Message+e.Error, "out of order") {
				return nil, fmt.Errorf("told %+v", e)
			}
			return nil, nil
		}),
		"refuse": Func(func(_ context.Context, e event) (any, error) {
			return nil, errors.New("cannot handle " + e.Path)
		}),
		"thousand": Func(func(context.Context, any) ([]int, error) {
			return make([]int, 1000), nil
		}),
		"names": Func(func(_ context.Context, all []struct {
			Branch  string         `json:"branch"`
			Success bool           `json:"success"`
			Output  map[string]any `json:"output"`
			Error   string         `json:"error"`
		}) (map[string]any, error) {
			return map[string]any{all[0].Branch: all[0].Output, all[1].Branch: all[1].Error, "success": all[0].Success != all[1].Success}, nil
		}),
		"tags": Func(func(_ context.Context, t tagged) (counted, error) {
			return counted{len(t.Tags), t.Tags[0]}, nil
		}),
	}
}
