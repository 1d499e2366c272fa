package arch

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/token"
	"strings"
	"testing"
)

// uncommented finds packages without a package comment and exported names without a doc comment that begins with a whole
// sentence. Struct fields, interface methods, tests and programs are left to judgement.
func uncommented(all []*file) []finding {
	var found []finding
	first := map[string]*file{}
	told := map[string]bool{}
	var order []string
	for _, f := range all {
		if f.isTest() || f.generated {
			continue
		}
		if first[f.pkg()] == nil {
			first[f.pkg()] = f
			order = append(order, f.pkg())
		}
		if f.ast.Doc != nil {
			told[f.pkg()] = true
			found = append(found, sentence(f, f.ast.Package, "package "+f.ast.Name.Name, f.ast.Doc)...)
		}
		if f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			found = append(found, declared(f, d)...)
		}
	}
	for _, p := range order {
		if f := first[p]; !told[p] {
			found = append(found, finding{f.at(f.ast), "doc comments", "package " + f.ast.Name.Name + " has no package comment",
				"say what the package is for in a comment above the package line of one of its files"})
		}
	}
	return found
}

// declared judges the exported names of one declaration.
func declared(f *file, d ast.Decl) []finding {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			on := receiver(d.Recv.List[0].Type)
			if !ast.IsExported(on) {
				return nil
			}
			name = on + "." + name
		}
		if d.Name.IsExported() {
			return sentence(f, d.Name.Pos(), name, d.Doc)
		}
	case *ast.GenDecl:
		var found []finding
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					found = append(found, sentence(f, s.Name.Pos(), s.Name.Name, s.Doc, alone(d))...)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						found = append(found, sentence(f, n.Pos(), n.Name, s.Doc, s.Comment, d.Doc)...)
						break
					}
				}
			}
		}
		return found
	}
	return nil
}

// alone gives the comment of a declaration of one thing: in a group each type has its own.
func alone(d *ast.GenDecl) *ast.CommentGroup {
	if d.Lparen == token.NoPos {
		return d.Doc
	}
	return nil
}

// receiver gives the name of a method's type, without pointer and type parameters.
func receiver(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// sentence judges the first of the comments that is there: its first sentence is whole.
func sentence(f *file, at token.Pos, name string, comments ...*ast.CommentGroup) []finding {
	for _, c := range comments {
		text := c.Text()
		if text == "" {
			continue
		}
		if s := new(doc.Package).Synopsis(text); strings.HasSuffix(s, ".") {
			return nil
		}
		return []finding{{f.line(at), "doc comments", fmt.Sprintf("the first sentence about %s has no end", name),
			"begin the comment with one whole sentence that ends with a period"}}
	}
	return []finding{{f.line(at), "doc comments", name + " has no doc comment",
		"say what it is or does in a comment above it; or do not export it"}}
}

func TestExportedNamesAreExplained(t *testing.T) {
	t.Parallel()
	none(t, uncommented(files(t)))
}

func TestAMissingCommentIsFound(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"function":         "func Exported() {}",
		"type":             "type Exported int",
		"method":           "func (x *T) Exported() {}",
		"generic method":   "func (x *T[A, B]) Exported() {}",
		"constant":         "const Exported = 1",
		"variable":         "var Exported int",
		"type in a group":  "// Types.\ntype (\n\tinner int\n\tExported int\n)",
		"no whole first":   "// Exported counts\nfunc Exported() {}",
		"only a directive": "//go:noinline\nfunc Exported() {}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := written(t, "a/a.go", "// Package a is one.\npackage a\n\n"+body+"\n")
			found := uncommented([]*file{f})
			if len(found) != 1 || !strings.Contains(found[0].what, "Exported") || !strings.HasPrefix(found[0].at, "a/a.go:") {
				t.Errorf("want one finding about Exported, got %v", found)
			}
		})
	}
}

func TestAMissingPackageCommentIsFound(t *testing.T) {
	t.Parallel()
	bare := written(t, "a/a.go", "package a\n")
	one(t, uncommented([]*file{bare}), "a/a.go:1", "package a has no package comment")
	program := written(t, "cmd/x/main.go", "package main\n\nfunc Exported() {}\n")
	one(t, uncommented([]*file{program}), "cmd/x/main.go:1", "no package comment")
	none(t, uncommented([]*file{bare, written(t, "a/doc.go", "// Package a is one.\npackage a\n")}))
}

func TestCommentsThatSufficePass(t *testing.T) {
	t.Parallel()
	none(t, uncommented([]*file{written(t, "a/a.go", `// Package a is one.
package a

// The colours.
const (
	Red = iota
	Green
)

var Blue = 1 // Blue is one.

// T is a type. More follows
type T struct{ Field int }

func (t inner) Exported() {}

type inner interface{ Method() }
`)}))
}
