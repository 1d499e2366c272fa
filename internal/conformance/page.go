package conformance

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// held is a test that holds a behaviour.
type held struct{ name, file string }

// name is how a test says which behaviour it holds.
var name = regexp.MustCompile(`^func (TestB(\d{3})[A-Za-z0-9_]*)\(`)

// tests finds the tests of a repository by the number of the behaviour that they hold.
func tests(root string) (map[int][]held, error) {
	found := map[int][]held{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata"):
			return filepath.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		short, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if m := name.FindStringSubmatch(lines.Text()); m != nil {
				n, _ := strconv.Atoi(m[2])
				found[n] = append(found[n], held{m[1], filepath.ToSlash(short)})
			}
		}
		return lines.Err()
	})
	for _, list := range found {
		slices.SortFunc(list, func(a, b held) int { return strings.Compare(a.file+a.name, b.file+b.name) })
	}
	return found, err
}

// missing are the behaviours that neither a test nor a decision speaks of, and tests of numbers that there are not.
func missing(found map[int][]held) []string {
	var list []string
	known := map[int]bool{}
	for _, s := range sections {
		for _, b := range s.list {
			known[b.number] = true
			if len(found[b.number]) == 0 && b.decision == "" {
				list = append(list, fmt.Sprintf("B%03d (%s) has neither a test nor a decision", b.number, b.what))
			}
		}
	}
	for n, tests := range found {
		if !known[n] {
			list = append(list, fmt.Sprintf("%s in %s names a behaviour that there is not", tests[0].name, tests[0].file))
		}
	}
	slices.Sort(list)
	return list
}

// page is the whole of docs/conformance.md.
func page(found map[int][]held) string {
	var b strings.Builder
	b.WriteString(`# Conformance

The executor's behaviours by number, the tests that hold them, and the decisions against one. This page is generated:
` + "`go test ./internal/conformance -update`. `go test -run TestB041 ./...`" + ` runs the tests of one behaviour.
`)
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n| | behaviour | held by |\n|---|---|---|\n", s.name)
		for _, v := range s.list {
			fmt.Fprintf(&b, "| B%03d | %s | %s |\n", v.number, v.what, strings.Join(cells(v, found[v.number]), "<br>"))
		}
	}
	return b.String()
}

// cells are what holds a behaviour.
func cells(v behaviour, tests []held) []string {
	var list []string
	for _, t := range tests {
		list = append(list, fmt.Sprintf("[%s](../%s)", t.name, t.file))
	}
	if v.decision != "" && (v.decision != later || len(tests) == 0) {
		list = append(list, v.decision)
	}
	return list
}
