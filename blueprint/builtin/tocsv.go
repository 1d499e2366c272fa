package builtin

import (
	"context"
	"encoding/csv"
	"maps"
	"slices"
	"strings"

	"github.com/weirflow/weir/plan"
)

// ToCSV writes a list of maps as CSV (RFC 4180) with a header line. Text goes in as it is, a missing value as nothing,
// nested values as JSON. A program that opens the file may take a cell that begins with = for a formula; escape sees to that.
type ToCSV struct {
	Fields []string `weir:"fields" doc:"The columns, as dotted names. Default: every key of the first map, sorted."`
	Escape bool     `weir:"escape" doc:"Puts a single quote before text that a spreadsheet would take for a formula. Default false."`
}

// Build checks the columns and makes the call.
func (t *ToCSV) Build(Env) (Call, error) {
	m := &mistakes{function: "to_csv"}
	columns := m.places("fields", t.Fields)
	if err := m.err(); err != nil {
		return nil, err
	}
	escape := t.Escape
	return func(ctx context.Context, in any) (any, error) {
		list, ok := toList(in)
		if !ok {
			return nil, badInput("to_csv", "a list of maps", in)
		}
		return writeCSV(ctx, list, columns, escape)
	}, nil
}

func writeCSV(ctx context.Context, list []any, columns []place, escape bool) (string, error) {
	if len(columns) == 0 && len(list) > 0 {
		first, _ := list[0].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(first)) {
			columns = append(columns, place{key})
		}
	}
	if len(columns) == 0 {
		return "", nil
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.String()
	}
	if err := w.Write(row); err != nil {
		return "", err
	}
	for i, item := range list {
		if err := stopped(ctx, i); err != nil {
			return "", err
		}
		if err := fillRow(row, columns, item, i, escape); err != nil {
			return "", err
		}
		if err := w.Write(row); err != nil {
			return "", err
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

func fillRow(row []string, columns []place, item any, i int, escape bool) error {
	if _, ok := item.(map[string]any); !ok {
		return wantMap("to_csv", i, item)
	}
	for c, column := range columns {
		v, _ := column.get(item)
		text, err := toText(v)
		if err != nil {
			return plan.Errorf(plan.CodeInput, "to_csv: item %d: %s %w", i, column, err)
		}
		if _, isText := v.(string); isText && escape && formula(text) {
			text = "'" + text
		}
		row[c] = text
	}
	return nil
}

// formula says that spreadsheets would compute the text (OWASP, CSV Injection).
func formula(text string) bool {
	return text != "" && strings.IndexByte("=+-@\t\r", text[0]) >= 0
}
