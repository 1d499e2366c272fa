package builtin

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzCombined(f *testing.F) {
	for _, seed := range []string{
		"", commonLine, commonLine + ` "-" "a \"b\" \\"`, commonLine + ` "r" "a" 1.5`, `a b c [x] "`, `::1 - a [b] [01/Jan/2024:00:00:00 +0100] "\\" 100 - "" ""`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		fields, err := parseCombined(line)
		if err != nil {
			if len(err.Error()) > 400 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		// What the parser took must be what the line says, by means that are not the parser's.
		got, err := time.Parse(time.RFC3339, fields["time"].(string))
		// UTC is written as Z, so that an offset of -0000 comes out as +0000.
		written := " [" + got.Format("02/Jan/2006:15:04:05 -0700") + "] "
		if err != nil || !strings.Contains(strings.ReplaceAll(line, " -0000] ", " +0000] "), written) {
			t.Errorf("%q is not in the line: %v", written, err)
		}
		if s := fields["status"].(int64); s < 100 || s > 999 || fields["bytes"].(int64) < 0 {
			t.Errorf("status %d, bytes %d", s, fields["bytes"])
		}
		if !strings.HasPrefix(line, fields["remote"].(string)+" ") {
			t.Errorf("remote %q", fields["remote"])
		}
		for name, v := range fields {
			if text, ok := v.(string); ok && len(text) > len(line) {
				t.Errorf("%s is longer than the line", name)
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "a,b,c", `"a","b""",c`, `a"b,c,`, `"a`, `"a"b,c,d`, ",,", `"",,""`} {
		f.Add(seed)
	}
	columns := []string{"0", "1", "2"}
	format := csvFormat(columns, ',')
	f.Fuzz(func(t *testing.T, line string) {
		fields, err := format(line)
		// The reader of the standard library skips empty lines, and takes line ends, of which a line has none.
		if line == "" || strings.ContainsAny(line, "\r\n") {
			return
		}
		r := csv.NewReader(strings.NewReader(line))
		r.FieldsPerRecord = len(columns)
		want, wantErr := r.Read()
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, the standard library says %v", line, err, wantErr)
		}
		if err != nil {
			return
		}
		for i := range want {
			if fields[columns[i]] != want[i] {
				t.Errorf("%q: field %d is %q, want %q", line, i, fields[columns[i]], want[i])
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"a":[1,2.5e3,"x",null,true]}`, `{"a":1e999}`, `[[[[`, `{"a":"\"[{"}`, `{"a":9223372036854775808}`, "{} {}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		v, err := decodeJSON(line)
		if err != nil {
			return
		}
		if !json.Valid([]byte(line)) {
			t.Fatalf("%q was taken as %v", line, v)
		}
		text, err := encodeJSON(v, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeJSON(string(text))
		if err != nil {
			t.Fatalf("%q does not come back: %v", text, err)
		}
		if second, err := encodeJSON(again, ""); err != nil || !slices.Equal(text, second) {
			t.Errorf("%q came back as %q, %v", text, second, err)
		}
	})
}

func FuzzRegexp(f *testing.F) {
	f.Add(`(?P<a>x+)+(?P<b>y)?$`, "xxxxxxxxxxxxxxxxxxxxxxxx")
	f.Add(`(?P<a>.*)(?P<a>.*)`, "x")
	f.Add(`((((?P<a>x{1000}){1000})))`, "x")
	f.Fuzz(func(t *testing.T, pattern, line string) {
		call, err := (&Parse{Format: "regexp", Pattern: pattern, Types: map[string]string{"a": "int"}}).Build(Env{})
		if err != nil {
			return
		}
		out, err := call(t.Context(), line)
		if err == nil && len(out.(map[string]any)) == 0 {
			t.Error("a line without fields")
		}
	})
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", "\n", "a\r\nb", "\ufeffa", "a\xff\nb", "\r\r\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := lineReader{lineBytes: 1 << 10, lines: 1 << 10, replace: true}
		out, err := r.split(t.Context(), "fuzz", text)
		if err != nil {
			return
		}
		for i, line := range out.([]any) {
			if s := line.(string); !utf8.ValidString(s) || strings.Contains(s, "\n") {
				t.Errorf("line %d is %q", i+1, s)
			}
		}
	})
}
