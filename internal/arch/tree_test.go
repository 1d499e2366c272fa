package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the module path of the root module; every package of the project is below it.
const root = "github.com/weirflow/weir"

// top is the repository's folder as the tests of this package see it.
const top = "../.."

// file is one Go file that a person wrote or a generator made.
type file struct {
	path      string // with slashes, from the repository's folder
	lines     int
	generated bool
	ast       *ast.File
	fset      *token.FileSet
}

// pkg is the folder of the file's package: "." for the root package.
func (f *file) pkg() string { return path.Dir(f.path) }

// isTest says that the file is compiled for tests only.
func (f *file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// at gives file:line of a node.
func (f *file) at(n ast.Node) string { return f.line(n.Pos()) }

func (f *file) line(p token.Pos) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(p).Line)
}

// parse reads one file from its text.
func parse(name string, text []byte) (*file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	lines := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		lines++
	}
	return &file{path: name, lines: lines, generated: ast.IsGenerated(tree), ast: tree, fset: fset}, nil
}

// written parses a file that a test makes up.
func written(t *testing.T, name, text string) *file {
	t.Helper()
	f, err := parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// files gives every Go file of every module of the repository. It is read once for all tests.
func files(t *testing.T) []*file {
	t.Helper()
	all, err := readTree()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var readTree = sync.OnceValues(func() ([]*file, error) {
	var all []*file
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != top && notOurs(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(p) != ".go" {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		f, err := parse(filepath.ToSlash(rel), text)
		if err != nil {
			return err
		}
		all = append(all, f)
		return nil
	})
	return all, err
})

// notOurs names the folders that the go command does not look into either.
func notOurs(folder string) bool {
	return folder == "testdata" || folder == "vendor" || strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_")
}

// TestTheTreeIsRead guards the other tests: a wrong folder would make all of them pass.
func TestTheTreeIsRead(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.path == "internal/arch/tree_test.go" {
			return
		}
	}
	t.Fatal("the walk from the repository's folder did not meet this file")
}
