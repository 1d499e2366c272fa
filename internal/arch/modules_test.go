package arch

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is what a go.mod says, as go mod edit -json prints it.
type module struct {
	folder  string // from the repository's folder
	Module  struct{ Path string }
	Require []struct{ Path string }
	Replace []struct{ Old, New struct{ Path string } }
}

// workspace is what go.work says.
type workspace struct {
	Use []struct{ DiskPath string }
}

// edit reads a go.mod or go.work with the go command.
func edit(kind, path string, into any) error {
	out, err := exec.Command("go", kind, "edit", "-json", path).Output()
	if err != nil {
		return fmt.Errorf("go %s edit -json %s: %w", kind, path, err)
	}
	return json.Unmarshal(out, into)
}

// moduleFolders gives the folders that go.work names.
func moduleFolders(t *testing.T) []string {
	t.Helper()
	var w workspace
	if err := edit("work", filepath.Join(top, "go.work"), &w); err != nil {
		t.Fatal(err)
	}
	folders := make([]string, len(w.Use))
	for i, u := range w.Use {
		folders[i] = filepath.ToSlash(filepath.Clean(u.DiskPath))
	}
	return folders
}

// modules gives every go.mod of the repository.
func modules(t *testing.T) []module {
	t.Helper()
	var all []module
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != top && notOurs(d.Name()):
			return filepath.SkipDir
		case d.Name() != "go.mod":
			return nil
		}
		m, err := readModule(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, filepath.Dir(p))
		m.folder = filepath.ToSlash(rel)
		all = append(all, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readModule(path string) (module, error) {
	var m module
	err := edit("mod", path, &m)
	return m, err
}

// apart are the modules that go.work does not name, because it would give all others the versions that they require: the checks'
// own tools, and the frameworks that weir is compared with.
func apart(folder string) bool { return folder == "tools" || folder == "bench/peers" }

// misrequired finds what go.mod files may not say. used are the folders of go.work.
func misrequired(all []module, used []string) []finding {
	var found []finding
	for _, m := range all {
		at := strings.TrimPrefix(m.folder+"/go.mod", "./")
		want := strings.TrimSuffix(root+"/"+m.folder, "/.")
		if m.Module.Path != want {
			found = append(found, finding{at, "module paths", fmt.Sprintf("the module is called %s", m.Module.Path), "call it " + want})
		}
		if !apart(m.folder) && !slices.Contains(used, m.folder) {
			found = append(found, finding{at, "one workspace", "go.work does not name this module, so nothing checks it", "go work use ./" + m.folder})
		}
		for _, r := range m.Require {
			if to, ours := own(r.Path); ours {
				found = append(found, sibling(m, at, r.Path, to)...)
			}
		}
		for _, r := range m.Replace {
			if to, ours := own(r.Old.Path); ours && m.folder == "." {
				found = append(found, finding{at, "the root module stands alone", "it replaces its sibling " + to, "drop the replace line"})
			}
		}
	}
	return found
}

// sibling judges one requirement of a module of this project.
func sibling(m module, at, path, to string) []finding {
	if m.folder == "." {
		return []finding{{at, "the root module stands alone", "it requires its sibling " + to,
			"move the code that needs it into the sibling, or drive the built binary"}}
	}
	for _, r := range m.Replace {
		if r.Old.Path == path {
			return nil
		}
	}
	return []finding{{at, "siblings are replaced until the first tag", "it requires " + path + " and does not replace it",
		"add a replace line with the relative folder: go mod tidy does not read go.work"}}
}

func TestModulesRequireOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	all := modules(t)
	if len(all) == 0 {
		t.Fatal("no go.mod was found")
	}
	none(t, misrequired(all, moduleFolders(t)))
}

func TestARootThatRequiresASiblingIsFound(t *testing.T) {
	t.Parallel()
	m := modFile(t, "module "+root+"\n\nrequire "+root+"/provider v0.0.0\n", ".")
	one(t, misrequired([]module{m}, []string{"."}), "go.mod", "requires its sibling provider", "drive the built binary")
	m = modFile(t, "module "+root+"\n\nreplace "+root+"/provider => ./provider\n", ".")
	one(t, misrequired([]module{m}, []string{"."}), "go.mod", "replaces its sibling provider")
}

func TestASiblingOutsideTheWorkspaceIsFound(t *testing.T) {
	t.Parallel()
	good := modFile(t, "module "+root+"/store\n\nrequire "+root+" v0.0.0\n\nreplace "+root+" => ../\n", "store")
	none(t, misrequired([]module{good}, []string{".", "store"}))
	one(t, misrequired([]module{good}, []string{"."}), "store/go.mod", "go work use ./store")
	bare := modFile(t, "module "+root+"/store\n\nrequire "+root+" v0.0.0\n", "store")
	one(t, misrequired([]module{bare}, []string{"store"}), "store/go.mod", "add a replace line")
	alien := modFile(t, "module example.org/store\n", "store")
	one(t, misrequired([]module{alien}, []string{"store"}), "store/go.mod", "call it "+root+"/store")
}

// modFile reads a go.mod that a test makes up, as if it stood in the given folder.
func modFile(t *testing.T, text, folder string) module {
	t.Helper()
	path := filepath.Join(t.TempDir(), "go.mod")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := readModule(path)
	if err != nil {
		t.Fatal(err)
	}
	m.folder = folder
	return m
}
