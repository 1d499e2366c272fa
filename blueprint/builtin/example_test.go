package builtin_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weirflow/weir/blueprint/builtin"
	"github.com/weirflow/weir/spec"
)

// rendered stands for what the blueprint compiles: here it is written in Go.
type rendered func(vars spec.Vars) any

func (r rendered) Eval(_ context.Context, vars spec.Vars) (any, error) { return r(vars), nil }

// value is a value without placeholders.
func value(v any) spec.Value {
	return spec.Value{Source: v, Program: rendered(func(spec.Vars) any { return v })}
}

// call builds a function and calls it once.
func call(f builtin.Function, env builtin.Env, in any) any {
	do, err := f.Build(env)
	if err != nil {
		log.Fatal(err)
	}
	out, err := do(context.Background(), in)
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// folder makes a folder with one file in it.
func folder(name, content string) string {
	dir, err := os.MkdirTemp("", "weir")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		log.Fatal(err)
	}
	return dir
}

func ExampleReadLines() {
	dir := folder("access.log", "first\r\nsecond\n")
	defer os.RemoveAll(dir)
	fmt.Printf("%q\n", call(&builtin.ReadLines{}, builtin.Env{Dir: dir}, "access.log"))
	// Output: ["first" "second"]
}

func ExampleParse() {
	line := `192.0.2.7 - ada [14/Mar/2025:09:26:53 +0100] "GET /cart HTTP/1.1" 503 512 "-" "curl/8.9"`
	out := call(&builtin.Parse{Format: "combined"}, builtin.Env{}, line).(map[string]any)
	fmt.Println(out["time"], out["method"], out["path"], out["status"], out["bytes"])
	// Output: 2025-03-14T09:26:53+01:00 GET /cart 503 512
}

func ExampleParse_regexp() {
	p := &builtin.Parse{
		Format:  "regexp",
		Pattern: `^(?P<level>[A-Z]+) took=(?P<ms>\d+)ms`,
		Types:   map[string]string{"ms": "int"},
	}
	fmt.Println(call(p, builtin.Env{}, "WARN took=250ms"))
	// Output: map[level:WARN ms:250]
}

func ExampleSelect() {
	list := []any{
		map[string]any{"path": "/a", "n": int64(1)},
		map[string]any{"path": "/b", "n": int64(3)},
		map[string]any{"path": "/c", "n": int64(2)},
	}
	fmt.Println(call(&builtin.Select{SortBy: "n", Order: "desc", Limit: 2, Value: "path"}, builtin.Env{}, list))
	// Output: [/b /c]
}

func ExampleAggregate() {
	list := []any{
		map[string]any{"path": "/cart", "status": int64(200), "bytes": int64(10)},
		map[string]any{"path": "/cart", "status": int64(503), "bytes": int64(20)},
	}
	failed := spec.Expr{Source: "item.status >= 500", Program: rendered(func(vars spec.Vars) any {
		return vars[spec.VarItem].(map[string]any)["status"].(int64) >= 500
	})}
	a := &builtin.Aggregate{By: []string{"path"}, Metrics: []builtin.Metric{
		{Name: "requests", Op: "count"},
		{Name: "failing", Op: "rate", Where: failed},
		{Name: "p95", Op: "p95", Field: "bytes"},
	}}
	fmt.Println(call(a, builtin.Env{}, list))
	// Output: [map[failing:0.5 p95:19.5 path:/cart requests:2]]
}

func ExampleTemplate() {
	title := spec.Value{Source: "# {{ previous_step.title }}", Program: rendered(func(vars spec.Vars) any {
		return "# " + vars[spec.VarPrevious].(map[string]any)["title"].(string)
	})}
	fmt.Println(call(&builtin.Template{Text: title}, builtin.Env{}, map[string]any{"title": "Checkout failed"}))
	// Output: # Checkout failed
}

func ExampleHTTP() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"up":true}`)
	}))
	defer server.Close()
	// The server is on this machine, which pipelines may not ask unless the runner allows it.
	out := call(&builtin.HTTP{URL: value(server.URL)}, builtin.Env{AllowPrivate: true}, nil).(map[string]any)
	fmt.Println(out["status"], out["body"])
	// Output: 200 map[up:true]
}

func ExampleWriteFile() {
	dir := folder("kept.txt", "")
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer root.Close()
	written := call(&builtin.WriteFile{Path: value("out/report.md")}, builtin.Env{Root: root}, "# Report\n").(map[string]any)
	name, err := filepath.Rel(dir, written["path"].(string)) // the path begins with the allowed folder
	fmt.Println(name, written["bytes"], err)
	// Output: out/report.md 9 <nil>
}

func ExampleToCSV() {
	fmt.Print(call(&builtin.ToCSV{}, builtin.Env{}, []any{map[string]any{"path": "/a,b", "n": int64(1)}}))
	// Output:
	// n,path
	// 1,"/a,b"
}

func ExampleToJSON() {
	fmt.Println(call(&builtin.ToJSON{}, builtin.Env{}, map[string]any{"b": true, "a": []any{int64(1)}}))
	// Output: {"a":[1],"b":true}
}

func ExampleFromJSON() {
	fmt.Println(call(&builtin.FromJSON{}, builtin.Env{}, `{"n": 7}`))
	// Output: map[n:7]
}

func ExamplePassthrough() {
	fmt.Println(call(&builtin.Passthrough{}, builtin.Env{}, "as it is"))
	// Output: as it is
}

// Mistakes come all at once, each with its key.
func ExampleKeyError() {
	_, err := (&builtin.Parse{Format: "csv", Pattern: "x"}).Build(builtin.Env{})
	lines := strings.Split(err.Error(), "\n")
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
	// Output:
	// parse: columns: it is missing; write the names of the fields in order
	// parse: pattern: only format: regexp reads it
}
