package arch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// foreign finds imports of other people's modules where the table does not name them. It looks at every file, whatever
// its build tags; what a program links in the end is the rule in links_test.go.
func foreign(rows []row, all []*file) []finding {
	var found []finding
	for _, f := range all {
		r, _ := rowOf(rows, f.pkg())
		importsOf(f, func(path, at string) {
			if _, ours := own(path); ours || standard(path) || named(r.may, path) {
				return
			}
			found = append(found, finding{at, "standard library only", fmt.Sprintf("%s imports %s", f.pkg(), path),
				"use the standard library; or put the code into a module of its own; or, with a reason, add a row to outside in " + table})
		})
	}
	return found
}

// standard says that an import path is one of the standard library: its first element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// named says that the list names the module of an import path.
func named(modules, path string) bool {
	return slices.ContainsFunc(strings.Fields(modules), func(m string) bool {
		return m == "..." || path == m || strings.HasPrefix(path, m+"/")
	})
}

func TestOtherModulesAreImportedOnlyWhereTheTableSaysSo(t *testing.T) {
	t.Parallel()
	none(t, foreign(outside, files(t)))
}

func TestAnImportOfAnotherModuleIsFound(t *testing.T) {
	t.Parallel()
	rows := []row{{"cache/otter", "github.com/maypok86/otter", "the cache"}}
	bad := written(t, "cache/a.go", "package cache\n\nimport _ \"github.com/maypok86/otter/v2\"\n")
	one(t, foreign(rows, []*file{bad}), "cache/a.go:3", "github.com/maypok86/otter/v2", table)
	good := written(t, "cache/otter/a.go", "package otter\n\nimport (\n\t_ \"fmt\"\n\t_ \"github.com/maypok86/otter/v2\"\n)\n")
	none(t, foreign(rows, []*file{good}))
}
