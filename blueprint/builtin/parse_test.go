package builtin

import (
	"maps"
	"strings"
	"testing"

	"github.com/weirflow/weir/plan"
)

func TestParse_Regexp(t *testing.T) {
	t.Parallel()
	p := &Parse{
		Format:  "regexp",
		Pattern: `^(?P<when>\S+) (?P<level>[A-Z]+) took=(?P<took>[^ ]+)(?: retry=(?P<retry>\w+))?$`,
		Types:   map[string]string{"when": "time", "took": "float", "retry": "bool"},
	}
	same(t, run(t, p, "2025-03-14T09:26:53.5+01:00 WARN took=0.25 retry=true"),
		object{"when": "2025-03-14T09:26:53.5+01:00", "level": "WARN", "took": 0.25, "retry": true})
	same(t, run(t, p, "2025-03-14T09:26:53Z WARN took=1"),
		object{"when": "2025-03-14T09:26:53Z", "level": "WARN", "took": 1.0, "retry": nil})
	refused(t, p, Env{}, "nonsense", plan.CodeInput, "parse: regexp: expected a line that matches", `found "nonsense"`)
	refused(t, p, Env{}, "2025-03-14T09:26:53Z WARN took=NaN", plan.CodeInput, `field took: expected a number, found "NaN"`)
	refused(t, p, Env{}, "yesterday WARN took=1", plan.CodeInput, `field when: expected a time, found "yesterday"`)
}

func TestParse_RegexpMistakes(t *testing.T) {
	t.Parallel()
	mistaken(t, &Parse{Format: "regexp"}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: "("}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: "(a)"}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: `(?P<a>x)(?P<a>y)`}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: `(?P<a>x)\1`}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: `(?P<a>` + strings.Repeat("x", maxPattern) + ")"}, Env{}, "pattern")
	mistaken(t, &Parse{Format: "regexp", Pattern: `(?P<a>x)`, Types: map[string]string{"b": "int", "a": "date"}}, Env{}, "types.a", "types.b")
}

func TestParse_JSON(t *testing.T) {
	t.Parallel()
	p := &Parse{Format: "json", Types: map[string]string{"n": "int", "s": "float", "gone": "int"}}
	same(t, run(t, p, `{"n":"7","s":2,"x":[1,{"y":null}]}`), object{"n": int64(7), "s": 2.0, "x": []any{int64(1), object{"y": nil}}})
	refused(t, p, Env{}, `[1]`, plan.CodeInput, "parse: json: expected a JSON object, found a list")
	refused(t, p, Env{}, `{"n":1.5}`, plan.CodeInput, "field n: expected a whole number, found a number")
	refused(t, p, Env{}, `{"a":1`, plan.CodeInput, "parse: json: not JSON")
}

func TestParse_CSV(t *testing.T) {
	t.Parallel()
	p := &Parse{Format: "csv", Columns: []string{"a", "b", "c"}, Types: map[string]string{"b": "int"}}
	same(t, run(t, p, `x,2,`), object{"a": "x", "b": int64(2), "c": ""})
	same(t, run(t, p, `"x, ""y""",2,"z"`), object{"a": `x, "y"`, "b": int64(2), "c": "z"})
	semicolon := &Parse{Format: "csv", Columns: []string{"a", "b"}, Delimiter: "›"}
	same(t, run(t, semicolon, `"x"›y,z`), object{"a": "x", "b": "y,z"})
	for line, word := range map[string]string{
		`x,2`:                      "expected the 3 fields a, b, c, found 2",
		`x,2,3,4`:                  "expected the 3 fields a, b, c, found 4",
		`x"y,2,3`:                  "field 1: a quote inside",
		`"x`:                       "field 1: expected a closing quote",
		`1,"x"y,3`:                 `field 2: expected ',' after the closing quote, found "y,3"`,
		`x,many,z`:                 `field b: expected a whole number, found "many"`,
		`x,1_000,z`:                "field b",
		`x,99999999999999999999,z`: "field b",
	} {
		refused(t, p, Env{}, line, plan.CodeInput, "parse: csv:", word)
	}
}

func TestParse_CSVMistakes(t *testing.T) {
	t.Parallel()
	mistaken(t, &Parse{Format: "csv"}, Env{}, "columns")
	mistaken(t, &Parse{Format: "csv", Columns: []string{"a", "", "a"}, Delimiter: `"`}, Env{}, "columns[1]", "columns[2]", "delimiter")
	mistaken(t, &Parse{Format: "csv", Columns: []string{"a"}, Delimiter: ";;"}, Env{}, "delimiter")
	mistaken(t, &Parse{Format: "csv", Columns: []string{"a"}, Delimiter: "\xff"}, Env{}, "delimiter")
}

func TestParse_KeysOfOtherFormatsAreMistakes(t *testing.T) {
	t.Parallel()
	all := Parse{Format: "combined", Pattern: "x", Columns: []string{"a"}, Delimiter: ";", Types: map[string]string{"a": "int"}}
	mistaken(t, &all, Env{}, "pattern", "columns", "delimiter", "types")
	mistaken(t, &Parse{}, Env{}, "format")
	mistaken(t, &Parse{Format: "xml"}, Env{}, "format")
}

func TestParse_RefusesWhatIsNotALine(t *testing.T) {
	t.Parallel()
	p := &Parse{Format: "combined"}
	refused(t, p, Env{}, []any{"a"}, plan.CodeInput, "parse: the input is a list", "put it in a map step")
	refused(t, p, Env{}, strings.Repeat("x", 1<<20+1), plan.CodeInput, "1048577 bytes")
}

func TestParse_TypesTurnTextAndNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to   func(any) (any, bool)
		in   any
		want any
	}{
		"int of text":   {toInt, "-5", int64(-5)},
		"int of number": {toInt, uint8(5), int64(5)},
		"float of int":  {toFloat, int64(5), 5.0},
		"bool of text":  {toBool, "false", false},
		"bool of bool":  {toBool, true, true},
		"time of log":   {toTime, "14/Mar/2025:09:26:53 -0130", "2025-03-14T09:26:53-01:30"},
		"time of stamp": {toTime, "2025-03-14T09:26:53.120Z", "2025-03-14T09:26:53.12Z"},
	} {
		got, ok := c.to(c.in)
		if !ok {
			t.Errorf("%s: refused", name)
		}
		same(t, got, c.want)
	}
	for name, c := range map[string]struct {
		to func(any) (any, bool)
		in any
	}{
		"int of fraction": {toInt, 1.5}, "int of list": {toInt, []any{}}, "float of Inf": {toFloat, "Inf"}, "float of bool": {toFloat, true},
		"bool of number": {toBool, int64(1)}, "time of number": {toTime, int64(1)},
	} {
		if got, ok := c.to(c.in); ok {
			t.Errorf("%s: took it as %v", name, got)
		}
	}
}

const commonLine = `192.0.2.7 - ada [14/Mar/2025:09:26:53 +0000] "GET /a?b=c HTTP/1.1" 200 5120`

func TestCombined_ReadsCommonAndCombined(t *testing.T) {
	t.Parallel()
	want := object{
		"remote": "192.0.2.7", "user": "ada", "time": "2025-03-14T09:26:53Z", "method": "GET", "path": "/a", "query": "b=c", "protocol": "HTTP/1.1",
		"status": int64(200), "bytes": int64(5120), "referer": "", "agent": "",
	}
	p := &Parse{Format: "combined"}
	same(t, run(t, p, commonLine), want)
	with := maps.Clone(want)
	with["referer"], with["agent"] = "https://shop.example/", `Mozilla/5.0 (a "b" \c \x07)`
	same(t, run(t, p, commonLine+` "https://shop.example/" "Mozilla/5.0 (a \"b\" \\c \x07)"`), with)
	with["request_time"] = 0.123
	same(t, run(t, p, commonLine+` "https://shop.example/" "Mozilla/5.0 (a \"b\" \\c \x07)" 0.123`), with)
	same(t, run(t, p, commonLine+` "-" "-"`), want)
}

func TestCombined_ReadsOddButWholeLines(t *testing.T) {
	t.Parallel()
	p := &Parse{Format: "combined"}
	odd := run(t, p, `2001:db8::1 - John Smith [01/Feb/2024:00:00:00 -0330] "\x16\x03\x01" 400 - "-" ""`).(object)
	same(t, odd, object{
		"remote": "2001:db8::1", "user": "John Smith", "time": "2024-02-01T00:00:00-03:30", "method": "", "path": `\x16\x03\x01`, "query": "", "protocol": "",
		"status": int64(400), "bytes": int64(0), "referer": "", "agent": "",
	})
	for request, want := range map[string][3]string{
		"GET /":                  {"GET", "/", ""},
		"GET /a b HTTP/1.0":      {"GET", "/a b", "HTTP/1.0"},
		"PROPFIND / HTTP/2.0":    {"PROPFIND", "/", "HTTP/2.0"},
		"-":                      {"", "-", ""},
		"":                       {"", "", ""},
		"get / HTTP/1.1":         {"", "get / HTTP/1.1", ""},
		"GET /x y":               {"", "GET /x y", ""},
		"CONNECT a:443 HTTP/1.1": {"CONNECT", "a:443", "HTTP/1.1"},
		" / HTTP/1.1":            {"", " / HTTP/1.1", ""},
	} {
		method, path, protocol := splitRequest(request)
		same(t, [3]string{method, path, protocol}, want)
	}
}

func TestCombined_SaysWhatItExpectedAndWhere(t *testing.T) {
	t.Parallel()
	p := &Parse{Format: "combined"}
	for line, words := range map[string][]string{
		"":                      {"column 1: expected the client's address", "found the end of the line"},
		" - - ":                 {"column 1: expected the client's address"},
		"192.0.2.7":             {"column 1: expected the client's address and a blank"},
		"192.0.2.7 -":           {"column 11: expected the identity"},
		"192.0.2.7 - - no time": {"column 13: expected the user"},
		"192.0.2.7 - - [now] x": {"column 15: expected a time such as [02/Jan/2006:15:04:05 -0700]", `found "[now] x"`},
		strings.Replace(commonLine, "14/Mar", "31/Feb", 1): {"column 17: expected a time"},
		strings.Replace(commonLine, ` "GET`, ` GET`, 1):    {"column 45: expected a blank and the request in quotes"},
		commonLine[:60]: {"column 61: expected the quote that ends the request"},
		strings.Replace(commonLine, " 200", " 20", 1):                   {"expected a blank and a status of three digits"},
		strings.Replace(commonLine, " 200", " 2000", 1):                 {"expected a blank and a status of three digits"},
		strings.Replace(commonLine, " 200", " 099", 1):                  {"expected a blank and a status of three digits"},
		strings.Replace(commonLine, " 200", " +20", 1):                  {"expected a blank and a status of three digits"},
		strings.Replace(commonLine, " 5120", " many", 1):                {"expected a blank and a number of bytes or -"},
		strings.Replace(commonLine, " 5120", " -1", 1):                  {"expected a blank and a number of bytes or -"},
		strings.Replace(commonLine, " 5120", " 9223372036854775808", 1): {"expected a blank and a number of bytes or -"},
		strings.Replace(commonLine, " 5120", "", 1):                     {"column 71: expected a blank and a number of bytes", "the end of the line"},
		commonLine + " ":              {"expected a blank and the referer in quotes"},
		commonLine + ` "-"`:           {"expected a blank and the agent in quotes"},
		commonLine + ` "-" "x\"`:      {"expected the quote that ends the agent"},
		commonLine + ` "-" "-" `:      {"expected the end of the line, or a number of seconds"},
		commonLine + ` "-" "-" NaN`:   {"or a number of seconds"},
		commonLine + ` "-" "-" -1`:    {"or a number of seconds"},
		commonLine + ` "-" "-" 0.1 x`: {"or a number of seconds"},
	} {
		refused(t, p, Env{}, line, plan.CodeInput, append(words, "parse: combined: ")...)
	}
}

func TestCombined_ErrorShowsLittleOfTheLine(t *testing.T) {
	t.Parallel()
	call := build(t, &Parse{Format: "combined"}, Env{})
	_, err := call(t.Context(), "\x1b[2J"+strings.Repeat("é", 1000))
	if err == nil || len(err.Error()) > 200 || strings.ContainsRune(err.Error(), 0x1b) {
		t.Errorf("got %q", err)
	}
}

func TestLogTime_AcceptsTheCalendarAndNothingElse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"29/Feb/2024:23:59:59 +0000": "2024-02-29T23:59:59Z",
		"31/Dec/1999:00:00:00 -1200": "1999-12-31T00:00:00-12:00",
		"30/Nov/2025:00:00:00 +0545": "2025-11-30T00:00:00+05:45",
		"01/Jan/2025:00:00:00 -0000": "2025-01-01T00:00:00Z",
	} {
		if got, ok := logTime(text); !ok || got != want {
			t.Errorf("%s: got %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "29/Feb/2023:00:00:00 +0000", "31/Apr/2024:00:00:00 +0000", "00/Jan/2024:00:00:00 +0000", "01/jan/2024:00:00:00 +0000",
		"01/Jan/2024:24:00:00 +0000", "01/Jan/2024:00:60:00 +0000", "01/Jan/2024:00:00:60 +0000", "01/Jan/2024:00:00:00 +2400",
		"01/Jan/2024:00:00:00 +0060", "01/Jan/2024:00:00:00  0000", "1 /Jan/2024:00:00:00 +0000", "01/Jan/-024:00:00:00 +0000",
		"01-Jan-2024:00:00:00 +0000", "01/Jan/2024 00:00:00 +0000",
	} {
		if got, ok := logTime(text); ok {
			t.Errorf("%q was taken as %s", text, got)
		}
	}
}
