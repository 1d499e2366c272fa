package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// write writes all files or none.
func (p *project) write(force bool) (err error) {
	_, before := os.Lstat(p.dir)
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return wrongUsage("the folder cannot be made: %v", err)
	}
	var made []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range made {
			_ = os.Remove(name) // the error that led here is told
		}
		if errors.Is(before, fs.ErrNotExist) {
			_ = os.Remove(p.dir)
		}
	}()
	if err := p.conflicts(force); err != nil {
		return err
	}
	beside := ""
	if force {
		beside = ".new" // moved to its place when all are written
	}
	for _, f := range p.files {
		name := filepath.Join(p.dir, f.name) + beside
		if err := writeNew(name, f.text); err != nil {
			return wrongUsage("nothing was written: %v", err)
		}
		made = append(made, name)
	}
	if !force {
		return nil
	}
	for _, name := range made {
		if err := os.Rename(name, strings.TrimSuffix(name, beside)); err != nil {
			return wrongUsage("not all files were replaced: %v", err)
		}
	}
	return nil
}

// conflicts names the files that are there already.
func (p *project) conflicts(force bool) error {
	var there, folders []string
	for _, f := range p.files {
		switch info, err := os.Lstat(filepath.Join(p.dir, f.name)); {
		case err != nil:
		case info.IsDir():
			folders = append(folders, f.name)
		default:
			there = append(there, f.name)
		}
	}
	switch {
	case len(folders) > 0:
		return wrongUsage("%s has folders called %s; nothing was written", p.dir, strings.Join(folders, ", "))
	case len(there) > 0 && !force:
		return wrongUsage("%s has %s already; nothing was written. Give --force to replace them, or another folder", p.dir, strings.Join(there, ", "))
	}
	return nil
}

// writeNew writes a file that is not there yet; one that could not be written whole is removed.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}
