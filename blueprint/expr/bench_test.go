package expr

import (
	"testing"

	"github.com/weirflow/weir/spec"
)

// records is a list as a data pipeline has it.
func records(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = map[string]any{"n": i, "ok": true, "text": "a line of a log"}
	}
	return list
}

// BenchmarkEval shows that what an evaluation costs does not grow with what it does not read.
func BenchmarkEval(b *testing.B) {
	ctx := inRun(b, map[string]any{"count": 3, "user": map[string]any{"name": "ada"}})
	for _, bench := range []struct {
		name, source string
		n            int
	}{
		{"condition", "context.count > 2 && context.user.name != 'bo'", 1},
		{"size/1", "len(previous_step) > 0", 1},
		{"size/20000", "len(previous_step) > 0", 20000},
		{"entry/20000", "previous_step[777].n", 20000},
		{"pass/20000", "previous_step", 20000},
		{"all/20000", "previous_step.all(x, x.ok)", 20000},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := compile(b, bench.source)
			vars := spec.Vars{"previous_step": records(bench.n)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(ctx, vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkText renders a prompt with four placeholders.
func BenchmarkText(b *testing.B) {
	ctx := inRun(b, map[string]any{"user": "ada", "topic": "dams"})
	part, errs := compiler(b).Text("Dear {{ context.user }}, write {{ len(previous_step) }} lines on {{ context.topic }}: {{ previous_step[0] }}.", Scope{})
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	t := NewTemplate(part)
	vars := spec.Vars{"previous_step": []any{"one", "two"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(ctx, vars); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	c := compiler(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := c.Compile("context.count > 2 && context.user.name != 'bo'", Scope{}); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}

// TestAnEvaluationAllocatesNothingForWhatItReads holds what package doc promises.
func TestAnEvaluationAllocatesNothingForWhatItReads(t *testing.T) {
	p := compile(t, "len(previous_step) > 0 && previous_step[7].ok")
	allocs := func(n int) float64 {
		vars := spec.Vars{"previous_step": records(n)}
		return testing.AllocsPerRun(20, func() {
			if _, err := p.Eval(t.Context(), vars); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocs(10), allocs(20000); many > few+2 {
		t.Errorf("%v allocations with 20,000 entries, %v with 10", many, few)
	}
}
