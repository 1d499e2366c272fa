package arch

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
	"testing"
)

// empty are names that say nothing of what a package holds.
var empty = regexp.MustCompile(`^(utils?|commons?|helpers?|managers?|types?|misc|base)$`)

// unfinished are the marks that people leave at work that is not done.
var unfinished = regexp.MustCompile(`\b(TODO|FIXME)\b`)

// misworded finds names, calls and marks that the house does not use.
func misworded(all []*file) []finding {
	var found []finding
	named := map[string]bool{}
	for _, f := range all {
		name := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if word := emptyName(name, f.pkg()); word != "" && !named[f.pkg()] {
			named[f.pkg()] = true
			found = append(found, finding{f.at(f.ast.Name), "package names", fmt.Sprintf("a package called %s says nothing of what it holds", word),
				"name it after its subject, or put the code where it is used"})
		}
		importsOf(f, func(path, at string) {
			if strings.Contains(path, "testify") {
				found = append(found, finding{at, "no testify", "imports " + path, "compare with if and t.Errorf; say what was wanted"})
			}
		})
		found = append(found, calls(f)...)
		if !f.generated {
			found = append(found, marks(f)...)
		}
	}
	return found
}

// emptyName gives the empty word that a package is called by, or "".
func emptyName(name, folder string) string {
	for _, n := range []string{name, path.Base(folder)} {
		if empty.MatchString(n) {
			return n
		}
	}
	return ""
}

// calls finds init functions, and sleeping tests.
func calls(f *file) []finding {
	var found []finding
	clock := imported(f, "time")
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				found = append(found, finding{f.at(n), "no init", "func init runs before anyone asked for it",
					"build it where it is used, or pass it in"})
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && f.isTest() && x.Name == clock && n.Sel.Name == "Sleep" {
				found = append(found, finding{f.at(n), "no sleeping tests", "time.Sleep in a test",
					"wait for the event itself (a channel, a WaitGroup, synctest.Wait); where time must pass, receive from time.After in a synctest bubble"})
			}
		}
		return true
	})
	return found
}

// imported gives the name by which a file knows an imported package, or "".
func imported(f *file, want string) string {
	for _, i := range f.ast.Imports {
		switch {
		case i.Path.Value != `"`+want+`"`:
		case i.Name != nil:
			return i.Name.Name
		default:
			return path.Base(want)
		}
	}
	return ""
}

// marks finds comments about work that is not done.
func marks(f *file) []finding {
	var found []finding
	for _, g := range f.ast.Comments {
		for _, c := range g.List {
			for i, text := range strings.Split(c.Text, "\n") {
				if mark := unfinished.FindString(text); mark != "" {
					at := fmt.Sprintf("%s:%d", f.path, f.fset.Position(c.Pos()).Line+i)
					found = append(found, finding{at, "no unfinished work", "a comment says " + mark,
						"do it, open an issue, or say what holds today"})
				}
			}
		}
	}
	return found
}

func TestNamesCallsAndMarksAreThoseOfTheHouse(t *testing.T) {
	t.Parallel()
	none(t, misworded(files(t)))
}

func TestABreachInWordsIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, path, text, at, says string }{
		{"package name", "a/util/x.go", "package util\n", "a/util/x.go:1", "called util"},
		{"folder name", "a/helpers/x.go", "package a\n", "a/helpers/x.go:1", "called helpers"},
		{"test package name", "a/x_test.go", "package common_test\n", "a/x_test.go:1", "called common"},
		{"init", "a/x.go", "package a\n\nfunc init() {}\n", "a/x.go:3", "no init"},
		{"sleep", "a/x_test.go", "package a\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n", "a/x_test.go:5", "synctest"},
		{"renamed sleep", "a/x_test.go", "package a\n\nimport clock \"time\"\n\nvar f = clock.Sleep\n", "a/x_test.go:5", "time.Sleep"},
		{"testify", "a/x_test.go", "package a\n\nimport _ \"github.com/stretchr/testify/require\"\n", "a/x_test.go:3", "no testify"},
		{"mark", "a/x.go", "package a\n\n// x is\n// TODO: finish\nvar x = 1\n", "a/x.go:4", "a comment says TODO"},
		{"mark in a block", "a/x.go", "package a\n\n/*\nx\nFIXME\n*/\n", "a/x.go:5", "FIXME"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			one(t, misworded([]*file{written(t, c.path, c.text)}), c.at, c.says)
		})
	}
}

func TestWordsThatAreFinePass(t *testing.T) {
	t.Parallel()
	none(t, misworded([]*file{
		written(t, "a/x.go", "package a\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n\ntype T struct{}\n\nfunc (T) init() {}\n"),
		written(t, "a/x_test.go", "package a\n\nvar time struct{ Sleep func() }\n\nvar text = \"TODO\"\n\nfunc g() { time.Sleep() }\n"),
	}))
}
