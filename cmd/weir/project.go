package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// templates are the projects that init writes. A file whose name would mean something to Go or git in this place has another
// name here: see placed.
//
//go:embed template
var templates embed.FS

// project is what init writes.
type project struct {
	dir, template string
	files         []projectFile
	// source is the folder of weir's source, version the released one that this binary was built with; one or none is known.
	source, version string
	// workspace says that a go.work stands above the folder, which Go must not look at.
	workspace bool
}

// projectFile is a file with its whole text.
type projectFile struct {
	name string
	text []byte
}

// module is weir itself.
const module = "github.com/weirflow/weir"

// newProject fills in a template.
func newProject(c *initCommand) (*project, error) {
	p := &project{dir: filepath.Clean(c.Dir), template: c.Template}
	full, err := filepath.Abs(p.dir)
	if err != nil {
		return nil, wrongUsage("the folder %s: %v", c.Dir, err)
	}
	if c.Weir != "" && c.Template != "go" {
		return nil, wrongUsage("--weir is for --template go")
	}
	if c.Template == "go" {
		if err := p.find(c.Weir, full); err != nil {
			return nil, err
		}
		p.workspace = above(full, func(dir string) bool {
			_, err := os.Stat(filepath.Join(dir, "go.work"))
			return err == nil
		}) != ""
	} else {
		p.files = append(p.files, projectFile{"weir.schema.json", pipelineSchema()})
	}
	fill := strings.NewReplacer("@NAME@", moduleName(filepath.Base(full)), "@WEIR@", p.requirement())
	folder := "template/" + c.Template
	entries, err := templates.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := templates.ReadFile(folder + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, projectFile{placed(e.Name()), []byte(fill.Replace(string(text)))})
	}
	return p, nil
}

// placed is the name of a template's file in a project.
func placed(name string) string {
	if name == "gitignore" {
		return ".gitignore"
	}
	for _, ext := range []string{".go.txt", ".mod.txt"} {
		if strings.HasSuffix(name, ext) {
			return strings.TrimSuffix(name, ".txt")
		}
	}
	return name
}

// moduleName makes the last part of a module's path of a folder's name.
func moduleName(folder string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, folder)
	if name = strings.Trim(name, "-_"); name == "" {
		return "feedback"
	}
	return name
}

// find looks for weir: the folder that was given, the version that this binary was built with, or a copy of the source round
// the new folder, the current one or this binary.
func (p *project) find(given, dir string) error {
	if given != "" {
		full, err := filepath.Abs(given)
		if err != nil || !isSource(full) {
			return wrongUsage("--weir: %s is not the folder with weir's source", given)
		}
		p.source = full
		return nil
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, d := range b.Deps {
			if d.Path == module && d.Replace == nil && strings.HasPrefix(d.Version, "v") && !strings.HasPrefix(d.Version, "v0.0.0") {
				p.version = d.Version
				return nil
			}
		}
	}
	from := []string{dir}
	if here, err := os.Getwd(); err == nil {
		from = append(from, here)
	}
	if binary, err := os.Executable(); err == nil {
		from = append(from, binary)
	}
	for _, place := range from {
		if p.source = above(place, isSource); p.source != "" {
			return nil
		}
	}
	return nil
}

// above gives the nearest folder, dir or one that holds it, of which something is true; "" when there is none.
func above(dir string, is func(string) bool) string {
	for ; ; dir = filepath.Dir(dir) {
		switch {
		case is(dir):
			return dir
		case dir == filepath.Dir(dir):
			return ""
		}
	}
}

// isSource says that a folder holds weir's source.
func isSource(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	first, _, _ := strings.Cut(string(text), "\n")
	return err == nil && strings.TrimSpace(first) == "module "+module
}

// requirement is what go.mod says of weir.
func (p *project) requirement() string {
	if p.version != "" {
		return "require " + module + " " + p.version
	}
	place, comment := p.source, ""
	if place == "" {
		place, comment = "../weir", "// "
	}
	return fmt.Sprintf("require %s v0.0.0\n\n// weir has no released version yet: this says where its source is.\n%sreplace %s => %s",
		module, comment, module, modPath(place))
}

// modPath is a folder as go.mod takes it.
func modPath(dir string) string {
	if strings.ContainsAny(dir, " \t\"'`()[]{},") {
		return "`" + strings.ReplaceAll(dir, "`", "") + "`"
	}
	return dir
}
