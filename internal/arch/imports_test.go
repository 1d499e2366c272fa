package arch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const table = "internal/arch/directions_test.go"

// matches says that a package's folder fits a pattern of the table.
func matches(pattern, pkg string) bool {
	if below, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(pkg, below)
	}
	return pattern == "..." || pattern == pkg
}

// rowOf gives the row that counts for a package.
func rowOf(rows []row, pkg string) (row, bool) {
	var best row
	for _, r := range rows {
		if matches(r.pkg, pkg) && len(r.pkg) > len(best.pkg) {
			best = r
		}
	}
	return best, best.pkg != ""
}

// own gives the folder of an import path of this project.
func own(path string) (string, bool) {
	if path == root {
		return ".", true
	}
	return strings.CutPrefix(path, root+"/")
}

// importsOf calls see with the path of each import of a file and its place.
func importsOf(f *file, see func(path, at string)) {
	for _, i := range f.ast.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil {
			see(path, f.at(i))
		}
	}
}

// misdirected finds imports that the table does not allow, and packages it does not know.
func misdirected(rows []row, all []*file) []finding {
	var found []finding
	unknown := map[string]bool{}
	for _, f := range all {
		r, ok := rowOf(rows, f.pkg())
		if !ok {
			if !unknown[f.pkg()] {
				found = append(found, finding{f.pkg(), "import directions", "no row of the table fits this package",
					fmt.Sprintf("add {%q, \"what it may import\", \"why\"} to directions in %s, below every row it names", f.pkg(), table)})
			}
			unknown[f.pkg()] = true
			continue
		}
		if f.isTest() {
			continue
		}
		importsOf(f, func(path, at string) {
			if to, ok := own(path); ok && !allowed(r.may, to) {
				found = append(found, finding{at, "import directions",
					fmt.Sprintf("%s may not import %s; it may import: %s (%s)", f.pkg(), to, orNothing(r.may), r.why),
					fmt.Sprintf("move what is needed to a package above, or take it as an interface; if the direction itself is wrong, change the row %q in %s and say why", r.pkg, table)})
			}
		})
	}
	return found
}

func allowed(may, pkg string) bool {
	return slices.ContainsFunc(strings.Fields(may), func(p string) bool { return matches(p, pkg) })
}

func orNothing(may string) string {
	if may == "" {
		return "nothing of this project"
	}
	return may
}

func TestImportsFollowTheTable(t *testing.T) {
	t.Parallel()
	none(t, misdirected(directions, files(t)))
}

// TestTheTablePointsUpward keeps the table free of cycles.
func TestTheTablePointsUpward(t *testing.T) {
	t.Parallel()
	none(t, downward(directions))
}

// downward finds rows that name a package of a later row, or that say no reason.
func downward(rows []row) []finding {
	var found []finding
	known := map[string]bool{"...": true}
	for _, r := range rows {
		if r.why == "" {
			found = append(found, finding{table, "import directions", fmt.Sprintf("row %q gives no reason", r.pkg), "say why in a few words"})
		}
		if known[r.pkg] {
			found = append(found, finding{table, "import directions", fmt.Sprintf("row %q stands there twice", r.pkg), "make one of the two"})
		}
		known[r.pkg] = true
		for p := range strings.FieldsSeq(r.may) {
			if above, ok := rowOf(rows, p); !known[p] && (!ok || !known[above.pkg]) {
				found = append(found, finding{table, "import directions",
					fmt.Sprintf("row %q names %s, which stands below it or nowhere", r.pkg, p), "put the row below what it names"})
			}
		}
	}
	return found
}

func TestAnImportAgainstTheTableIsFound(t *testing.T) {
	t.Parallel()
	rows := []row{{"plan", "", "stands on nothing"}, {"step/*", "plan", "a kind"}, {"step/kinds", "plan step/*", "the list"}}
	down := written(t, "plan/a.go", "package plan\n\nimport (\n\t\"fmt\"\n\t\""+root+"/step/loop\"\n)\n")
	one(t, misdirected(rows, []*file{down}), "plan/a.go:5", "plan may not import step/loop", "nothing of this project", table)

	up := written(t, "step/loop/a.go", "package loop\n\nimport \""+root+"/plan\"\n")
	list := written(t, "step/kinds/a.go", "package kinds\n\nimport \""+root+"/step/loop\"\n")
	suite := written(t, "plan/a_test.go", "package plan_test\n\nimport \""+root+"/step/loop\"\n")
	none(t, misdirected(rows, []*file{up, list, suite}))

	sideways := written(t, "step/loop/b.go", "package loop\n\nimport \""+root+"\"\n")
	one(t, misdirected(rows, []*file{sideways}), "step/loop/b.go:3", "step/loop may not import .")
}

func TestAPackageWithoutARowIsFound(t *testing.T) {
	t.Parallel()
	a, b := written(t, "novel/a.go", "package novel\n"), written(t, "novel/b.go", "package novel\n")
	one(t, misdirected(directions, []*file{a, b}), "novel", `add {"novel",`)
}

func TestARowThatPointsDownwardIsFound(t *testing.T) {
	t.Parallel()
	one(t, downward([]row{{"plan", "step", "why"}, {"step", "", "why"}}), table, `row "plan" names step`)
	one(t, downward([]row{{"plan", "", ""}}), table, "gives no reason")
	one(t, downward([]row{{"plan", "", "why"}, {"plan", "", "why"}}), table, "twice")
}
