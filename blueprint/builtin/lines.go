package builtin

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/weirflow/weir/plan"
)

// split cuts text into lines and checks each.
func (r lineReader) split(ctx context.Context, name, text string) (any, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	n := strings.Count(text, "\n")
	if !strings.HasSuffix(text, "\n") && text != "" {
		n++
	}
	if n > r.lines {
		return nil, plan.Errorf(plan.CodeInput, "read_lines: %s: the file has %d lines, more than the %d of max_lines", name, n, r.lines)
	}
	lines := make([]any, n)
	valid := utf8.ValidString(text) // one fast look at all of it spares one at each line
	for i := range lines {
		if err := stopped(ctx, i); err != nil {
			return nil, err
		}
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSuffix(line, "\r")
		if len(line) > r.lineBytes {
			return nil, plan.Errorf(plan.CodeInput, "read_lines: %s:%d: the line has %d bytes, more than the %d of max_line_bytes", name, i+1, len(line), r.lineBytes)
		}
		if !valid && !utf8.ValidString(line) {
			if !r.replace {
				return nil, plan.Errorf(plan.CodeInput, "read_lines: %s:%d: the line is not UTF-8 from byte %d on; convert the file, or set invalid: replace", name, i+1, firstInvalid(line)+1)
			}
			line = strings.ToValidUTF8(line, "\ufffd")
		}
		lines[i] = line
	}
	return lines, nil
}

// firstInvalid is the index of the first byte that is not part of UTF-8.
func firstInvalid(s string) int {
	for i, c := range s {
		if c != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
			return i
		}
	}
	return len(s)
}
