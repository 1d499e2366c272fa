package builtin

import (
	"fmt"
	"testing"
)

const combinedLine = commonLine + ` "https://shop.example/cart" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"`

func BenchmarkParse_Combined(b *testing.B) {
	call := build(b, &Parse{Format: "combined"}, Env{})
	var in any = combinedLine
	b.SetBytes(int64(len(combinedLine)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// The twin of the parser above: what a pipeline would write without format: combined.
func BenchmarkParse_CombinedByRegexp(b *testing.B) {
	call := build(b, &Parse{Format: "regexp", Pattern: `^(?P<remote>\S+) \S+ (?P<user>.+?) \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<path>\S+) (?P<protocol>[^"]+)" (?P<status>\d{3}) (?P<bytes>\d+) "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)"$`,
		Types: map[string]string{"time": "time", "status": "int", "bytes": "int"}}, Env{})
	var in any = combinedLine
	b.SetBytes(int64(len(combinedLine)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse_BadLine(b *testing.B) {
	call := build(b, &Parse{Format: "combined"}, Env{})
	var in any = combinedLine[:60]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call(b.Context(), in); err == nil {
			b.Fatal("it was taken")
		}
	}
}

func BenchmarkAggregate_20000Items(b *testing.B) {
	list := make([]any, 20_000)
	for i := range list {
		list[i] = object{"path": fmt.Sprint("/p", i%50), "status": int64(200 + i%7*50), "bytes": int64(i)}
	}
	call := build(b, &Aggregate{By: []string{"path"}, Metrics: []Metric{{Name: "n", Op: "count"}, {Name: "p95", Op: "p95", Field: "bytes"}, {Name: "failing", Op: "rate", Where: failed}}}, Env{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call(b.Context(), list); err != nil {
			b.Fatal(err)
		}
	}
}
