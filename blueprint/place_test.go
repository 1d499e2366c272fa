package blueprint

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAPlaceInATextIsAPlaceInTheFile(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"plain":              "k: äb {{ @ }}\n",
		"single quotes":      "k: 'it''s {{ @ }}'\n",
		"double quotes":      `k: "a\t\"\u00e9\x41 {{ @ }}"` + "\n",
		"literal":            "k: |\n  one\n    two {{ @ }}\n  three\n",
		"literal with strip": "k: |-\n    one\n\n    two {{ @ }}\n",
		"folded":             "k: >\n  one\n  two {{ @ }}\n",
		"plain on two lines": "k: one\n  two\n  {{ @ }}\n",
		"flow map":           "k: 1\nm: {é: 'x {{ @ }}'}\n",
		"windows":            "k: |\r\n  one\r\n  two {{ @ }}\r\n",
		"continued":          "k: \"one \\\n   two {{ @ }}\"\n",
	} {
		p := &problems{source: newSource("x", []byte(in))}
		root := parse(p.source, p)
		if err := p.err(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := root.entries[len(root.entries)-1].value
		if n.kind == mapNode {
			n = n.entries[0].value
		}
		got := p.source.place(n, utf8.RuneCountInString(n.text[:strings.Index(n.text, "@")]))
		before := in[:strings.Index(in, "@")]
		want := position{strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1}
		if got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
