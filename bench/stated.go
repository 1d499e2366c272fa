package bench

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/step/parallel"
)

const (
	stateKeys     = 30
	stateBranches = 4
	stateWrites   = 3
)

// stated is a run with a state of 30 keys that hold 1 KB to 1 MB each, 5 MB in all: 4 branches write 3 keys each and are merged.
func stated() Workload {
	return Workload{name: "context", unit: "ns/run", setup: func(ctx context.Context, without []string) (*work, error) {
		texts, values := manyKeys()
		branches := make([]weir.Step[int, int], stateBranches)
		for b := range branches {
			branches[b] = weir.Func("b"+strconv.Itoa(b), func(ctx context.Context, n int) (int, error) {
				for w := range stateWrites {
					texts[b*stateWrites+w].Set(ctx, []string{"written by", strconv.Itoa(b), strconv.Itoa(n)})
				}
				return n, nil
			})
		}
		sum := weir.Func("sum", func(ctx context.Context, out []int) (int, error) {
			total := 0
			for _, k := range texts[:stateBranches*stateWrites] {
				for _, part := range k.View(ctx) {
					total += len(part)
				}
			}
			return total + len(out), nil
		})
		p, err := weir.Compile(weir.Then(parallel.All("fork", branches...), sum), &weir.Config{State: values, Without: without})
		if err != nil {
			return nil, err
		}
		const each = len("written by") + 2
		return asking(ctx, p, 7, stateBranches*stateWrites*each+stateBranches), nil
	}}
}

// manyKeys declares keys and gives each its value: lists of lines, maps and bytes, the smallest 1 KB and the largest 1 MB.
func manyKeys() ([]state.Key[[]string], []state.Value) {
	var texts []state.Key[[]string]
	var values []state.Value
	for i := range stateKeys {
		size := int(1024 * math.Pow(1024, float64(i)/(stateKeys-1)))
		name := fmt.Sprintf("k%02d", i)
		switch {
		case i < stateBranches*stateWrites || i%3 == 0:
			k := state.NewKey[[]string](name)
			texts, values = append(texts, k), append(values, k.With(manyLines(size)))
		case i%3 == 1:
			values = append(values, state.NewKey[map[string]int](name).With(manyCounts(size)))
		default:
			values = append(values, state.NewKey[[]byte](name).With(make([]byte, size)))
		}
	}
	return texts, values
}

// manyLines are lines of 64 bytes, about size bytes in all with their headers.
func manyLines(size int) []string {
	out := make([]string, size/80)
	for i := range out {
		out[i] = strings.Repeat(string(rune('a'+i%26)), 64)
	}
	return out
}

// manyCounts is a map of about size bytes.
func manyCounts(size int) map[string]int {
	out := map[string]int{}
	for i := range size / 40 {
		out["counter "+strconv.Itoa(i)] = i
	}
	return out
}
