package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is one package as go list shows it.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	DepOnly    bool
}

// graph is all packages that the modules of the repository are built from, by import path.
type graph map[string]listed

// lean are the packages that a program may import without linking anything but the standard library. The kinds belong to
// them, but for step/agent and step/human, whose answers come from outside and are judged by a JSON Schema; step/kinds names
// them all, so it links what they link.
func lean(pkg string) bool {
	switch {
	case allowed("step/agent step/agent/* step/human step/human/* step/kinds", pkg):
		return false
	case pkg == "." || pkg == "layer" || matches("layer/*", pkg) || matches("step/*", pkg):
		return true
	}
	return matches("plan", pkg) || matches("spec", pkg) || matches("engine/*", pkg) || matches("pass/*", pkg)
}

// heavy are the modules that only programs with blueprints link.
func heavy(path string) bool {
	return named("cel.dev/cel-go github.com/google/cel-go go.yaml.in/yaml gopkg.in/yaml.v2 gopkg.in/yaml.v3 "+
		"sigs.k8s.io/yaml github.com/goccy/go-yaml", path)
}

// reads are the packages that may link what is heavy.
func reads(pkg string) bool { return allowed("blueprint blueprint/* examples/* cmd/*", pkg) }

// overlinked finds packages that link more than they may. What many packages link through one import is told once, at the
// package that has this import, with the shortest chain that leads there.
func overlinked(g graph) []finding {
	var found []finding
	told := map[string]bool{}
	tell := func(way []string, rule, do string) {
		if way == nil {
			return
		}
		end := way[max(0, len(way)-2):]
		at, _ := own(end[0])
		if key := rule + strings.Join(end, " "); !told[key] {
			told[key] = true
			found = append(found, finding{at, rule, "a program links " + strings.Join(way, " → "), "cut the chain: " + do})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(g)) {
		pkg, ours := own(path)
		if !ours || g[path].DepOnly {
			continue
		}
		if lean(pkg) {
			tell(chain(g, path, g.thirdParty), "standard library only", "move the import to a module of its own, to schema or to blueprint")
		}
		if !reads(pkg) {
			tell(chain(g, path, heavy), "CEL and YAML come with blueprint only",
				"what needs expressions takes a spec.Expr, what needs YAML belongs into blueprint")
		}
	}
	return found
}

func (g graph) thirdParty(path string) bool {
	_, ours := own(path)
	return !ours && !g[path].Standard && path != "C"
}

// chain gives the shortest way from a package to one that is unwanted, or nil.
func chain(g graph, from string, unwanted func(string) bool) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if unwanted(queue[0]) {
			var way []string
			for at := queue[0]; at != ""; at = came[at] {
				way = append(way, at)
			}
			slices.Reverse(way)
			return way
		}
		for _, next := range g[queue[0]].Imports {
			if _, seen := came[next]; !seen {
				came[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// list asks the go command for the packages of the module in a folder and everything they are built from. Packages that
// do not compile are listed too: to say so is the compiler's part.
func list(folder string, g graph) error {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Standard,Imports,DepOnly", "./...")
	cmd.Dir = folder
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list in %s: %w\n%s", folder, err, complaint.String())
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("go list in %s: %w", folder, err)
		}
		if old, seen := g[p.ImportPath]; !seen || old.DepOnly {
			g[p.ImportPath] = p
		}
	}
}

func TestProgramsLinkOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	g := graph{}
	for _, folder := range moduleFolders(t) {
		if err := list(filepath.Join(top, folder), g); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := g[root+"/internal/arch"]; !ok {
		t.Fatalf("go list does not show this package; it lists %d packages", len(g))
	}
	none(t, overlinked(g))
}

func TestALinkToAnotherModuleIsFoundThroughOthers(t *testing.T) {
	t.Parallel()
	g := graph{
		root + "/step/loop":   {Imports: []string{"fmt", root + "/codec"}},
		root + "/step/each":   {Imports: []string{root + "/codec"}},
		root + "/codec":       {Imports: []string{"example.org/fast"}},
		root + "/step/agent":  {Imports: []string{"example.org/fast"}},
		root + "/step/human":  {Imports: []string{"example.org/fast"}},
		root + "/cache/otter": {Imports: []string{"example.org/fast"}},
		"example.org/fast":    {DepOnly: true},
		"fmt":                 {Standard: true, DepOnly: true},
	}
	one(t, overlinked(g), "codec", "step/each → "+root+"/codec → example.org/fast", "cut the chain")
}

func TestALinkToYAMLOutsideBlueprintIsFound(t *testing.T) {
	t.Parallel()
	g := graph{
		root + "/monitor":      {Imports: []string{root + "/blueprint"}},
		root + "/blueprint":    {Imports: []string{"go.yaml.in/yaml/v4"}},
		root + "/cmd/weir":     {Imports: []string{root + "/blueprint"}},
		"go.yaml.in/yaml/v4":   {DepOnly: true},
		root + "/internal/far": {},
	}
	one(t, overlinked(g), "blueprint", root+"/monitor → "+root+"/blueprint → go.yaml.in/yaml/v4")
}

func TestTheGoCommandListsAModule(t *testing.T) {
	t.Parallel()
	dir, g := t.TempDir(), graph{}
	for name, text := range map[string]string{"go.mod": "module example.org/m\n\ngo 1.26\n", "m.go": "package m\n\nimport _ \"strings\"\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := list(dir, g); err != nil {
		t.Fatal(err)
	}
	if m := g["example.org/m"]; m.DepOnly || !slices.Contains(m.Imports, "strings") || !g["strings"].Standard {
		t.Errorf("the module was read as %+v", m)
	}
}
