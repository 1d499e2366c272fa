package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand prints what this binary was built from.
type versionCommand struct {
	JSON bool `help:"Print JSON."`
}

// Run prints it.
func (c *versionCommand) Run(t terminal) error {
	version, commit := "development", ""
	if b, ok := debug.ReadBuildInfo(); ok {
		if v := b.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(map[string]string{
			"version": version, "commit": commit, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH,
		})
	}
	if commit != "" {
		version += " (" + commit[:min(12, len(commit))] + ")"
	}
	_, err := fmt.Fprintf(t.out, "weir %s, %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
