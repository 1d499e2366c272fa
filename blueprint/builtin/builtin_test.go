package builtin

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

func TestAll_IsSortedDocumentedAndMakesFreshFunctions(t *testing.T) {
	t.Parallel()
	list := All()
	if !slices.IsSortedFunc(list, func(a, b Builtin) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the list is not sorted by name")
	}
	for _, b := range list {
		if !strings.HasSuffix(b.Doc, ".") || b.New == nil {
			t.Errorf("%s: doc %q does not end as a sentence, or there is no New", b.Name, b.Doc)
		}
		f := b.New()
		// Structs without fields may share an address.
		if reflect.TypeOf(f).Elem().Size() > 0 && f == b.New() {
			t.Errorf("%s: New gives the same function twice", b.Name)
		}
	}
}

// The blueprint decodes by reflection: a field of a sort that it does not know would only fail there.
func TestAll_FieldsAreTaggedAndOfSortsThatBlueprintsDecode(t *testing.T) {
	t.Parallel()
	for _, b := range All() {
		checkFields(t, b.Name, reflect.TypeOf(b.New()).Elem())
	}
}

func checkFields(t *testing.T, at string, s reflect.Type) {
	t.Helper()
	known := []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int64](),
		reflect.TypeFor[float64](), reflect.TypeFor[time.Duration](), reflect.TypeFor[[]string](),
		reflect.TypeFor[map[string]string](), reflect.TypeFor[spec.Expr](), reflect.TypeFor[spec.Value](),
	}
	for f := range s.Fields() {
		name := at + "." + f.Name
		key, _, _ := strings.Cut(f.Tag.Get("weir"), ",")
		if key == "" || !strings.HasSuffix(f.Tag.Get("doc"), ".") {
			t.Errorf("%s: key %q, doc %q", name, key, f.Tag.Get("doc"))
		}
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			checkFields(t, name, f.Type.Elem())
			continue
		}
		if !slices.Contains(known, f.Type) {
			t.Errorf("%s: a blueprint cannot decode %s", name, f.Type)
		}
	}
}

func TestBuild_ReportsEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	mistaken(t, &Aggregate{
		By:     []string{"path", "path", "a..b"},
		Bucket: map[string]string{"time": "5m", "path": "soon"},
		Metrics: []Metric{
			{Name: "path", Op: "count"}, {Name: "", Op: "median", Field: "x"}, {Name: "r", Op: "rate", Field: "x"}, {Name: "r", Op: "sum"},
		},
		Order: "up", Limit: -1, MaxGroups: -1,
	}, Env{},
		"by[2]", "metrics[1].name", "metrics[1].op", "metrics[2].where", "metrics[3].name", "metrics[3].field",
		"order", "order", "limit", "max_groups", "bucket.path", "bucket.time", "by[1]", "metrics[0].name")
}

func TestKeyError_NamesFunctionKeyAndCure(t *testing.T) {
	t.Parallel()
	_, err := (&ReadLines{MaxLineBytes: 2 << 20}).Build(Env{})
	if want := "read_lines: max_line_bytes: 2097152 is above the 1048576 that is allowed here"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLimits_LowerDefaultsAndRefuseMore(t *testing.T) {
	t.Parallel()
	env := Env{Limits: Limits{FileBytes: 10, BodyBytes: 10, Groups: 1}}
	mistaken(t, &ReadLines{MaxBytes: 11}, env, "max_bytes")
	mistaken(t, &HTTP{URL: constant("http://example.com"), MaxBytes: 11}, env, "max_bytes")
	mistaken(t, &Aggregate{Metrics: []Metric{{Name: "n", Op: "count"}}, By: []string{"a"}, MaxGroups: 2}, env, "max_groups")
	refused(t, &Aggregate{Metrics: []Metric{{Name: "n", Op: "count"}}, By: []string{"a"}}, env,
		[]any{object{"a": "x"}, object{"a": "y"}}, plan.CodeInput, "more than the 1 groups")
}

func TestSmall_PassthroughAndJSON(t *testing.T) {
	t.Parallel()
	in := object{"b": []any{int64(1), 2.5, "<x>", nil, true}, "a": object{}}
	same(t, run(t, &Passthrough{}, in), in)
	text := run(t, &ToJSON{}, in)
	same(t, text, `{"a":{},"b":[1,2.5,"<x>",null,true]}`)
	same(t, run(t, &FromJSON{}, text), in)
	same(t, run(t, &ToJSON{Indent: true}, object{"a": int64(1)}), "{\n  \"a\": 1\n}\n")
	refused(t, &ToJSON{}, Env{}, func() {}, plan.CodeInput, "to_json", "cannot be written as JSON")
}

func TestFromJSON_RefusesWhatIsNotOneBoundedValue(t *testing.T) {
	t.Parallel()
	refused(t, &FromJSON{}, Env{}, int64(1), plan.CodeInput, "from_json", "a number", "wants text")
	for text, word := range map[string]string{
		"":                                 "found nothing",
		"{":                                "not JSON",
		"[1,]":                             "byte 4",
		"1 2":                              "more after",
		"1e999":                            "too large",
		`{"a":` + strings.Repeat("[", 100): "deeper than 100",
	} {
		refused(t, &FromJSON{}, Env{}, text, plan.CodeInput, "from_json", word)
	}
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	if _, err := decodeJSON(deep); err != nil {
		t.Errorf("100 levels: %v", err)
	}
	if _, err := decodeJSON(`"` + strings.Repeat(`[\"{`, 200) + `"`); err != nil {
		t.Errorf("brackets in a string: %v", err)
	}
}

func TestFromJSON_KeepsSixtyFourBits(t *testing.T) {
	t.Parallel()
	same(t, run(t, &FromJSON{}, `[9007199254740993, 9223372036854775808, 1.0]`),
		[]any{int64(9007199254740993), 9223372036854775808.0, 1.0})
}

func TestToCSV_WritesHeaderRowsAndNestedValues(t *testing.T) {
	t.Parallel()
	list := []any{object{"a": "x,\"y\"", "b": object{"c": int64(1)}}, object{"b": []any{"z"}}}
	same(t, run(t, &ToCSV{}, list), "a,b\n\"x,\"\"y\"\"\",\"{\"\"c\"\":1}\"\n,\"[\"\"z\"\"]\"\n")
	same(t, run(t, &ToCSV{Fields: []string{"b.c", "a"}}, list[:1]), "b.c,a\n1,\"x,\"\"y\"\"\"\n")
	same(t, run(t, &ToCSV{}, []any{}), "")
	refused(t, &ToCSV{}, Env{}, []any{object{"a": "x"}, "y"}, plan.CodeInput, "to_csv: item 1 is text")
	refused(t, &ToCSV{}, Env{}, "x", plan.CodeInput, "wants a list of maps")
	mistaken(t, &ToCSV{Fields: []string{"a", ""}}, Env{}, "fields[1]")
}

func TestToCSV_EscapesFormulasWhenAsked(t *testing.T) {
	t.Parallel()
	list := []any{object{"a": "=1+1"}, object{"a": "-x"}, object{"a": int64(-1)}}
	same(t, run(t, &ToCSV{Escape: true}, list), "a\n'=1+1\n'-x\n-1\n")
	same(t, run(t, &ToCSV{}, list), "a\n=1+1\n-x\n-1\n")
}

func TestTypedLists_AreTaken(t *testing.T) {
	t.Parallel()
	same(t, run(t, &Select{Limit: 1}, []string{"a", "b"}), []any{"a"})
	same(t, run(t, &Select{Limit: 1}, []map[string]any{{"a": 1}}), []any{object{"a": 1}})
}

func TestDescribe_NamesEverySort(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		"null": nil, "text": "", "true or false": false, "a map": object{}, "a list": []string{}, "a number": uint8(1),
		"a value of a sort that JSON does not have": make(chan int),
	} {
		if got := describe(v); got != want {
			t.Errorf("%T is %q, want %q", v, got, want)
		}
	}
}

func ExampleAll() {
	for _, b := range All() {
		fmt.Println(b.Name)
	}
	// Output:
	// aggregate
	// from_json
	// http
	// parse
	// passthrough
	// read_lines
	// select
	// template
	// to_csv
	// to_json
	// write_file
}
