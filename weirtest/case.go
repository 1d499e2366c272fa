package weirtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Case is a test that is written as a text: a comment, and then parts that each begin with a line "-- name --". Some parts are
// given, the others are what must come out.
type Case struct {
	// Name is the file's name without its ending.
	Name string
	// Comment is what stands before the first part.
	Comment string

	path  string
	names []string
	parts map[string][]string
}

// ReadCase reads a file. One that cannot be read ends the test.
func ReadCase(t testing.TB, path string) *Case {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseCase(path, string(text))
}

func parseCase(path, text string) *Case {
	c := &Case{
		Name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)),
		path: path, parts: map[string][]string{},
	}
	into := &c.Comment
	for line := range strings.Lines(text) {
		begin, ok := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		if !ok || !strings.HasSuffix(begin, " --") {
			*into += line
			continue
		}
		name := strings.TrimSuffix(begin, " --")
		c.names = append(c.names, name)
		c.parts[name] = append(c.parts[name], "")
		into = &c.parts[name][len(c.parts[name])-1]
	}
	return c
}

// Has says that there is a part of this name.
func (c *Case) Has(name string) bool { return len(c.parts[name]) > 0 }

// Part gives the text of a part, of the last one of its name; "" where there is none.
func (c *Case) Part(name string) string {
	if all := c.parts[name]; len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// Parts gives the texts of all parts of one name, in order.
func (c *Case) Parts(name string) []string { return slices.Clone(c.parts[name]) }

// Want compares what came out with a part, and fails the test with both texts when they differ. When the test binary was given
// the flag -update (see Update), it writes what came out into the file instead, as a new part where there was none. The last
// line of a part always has an end.
func (c *Case) Want(t testing.TB, name, got string) {
	t.Helper()
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if !updating() {
		if want := c.Part(name); want != got {
			t.Errorf("%s: %s does not hold; run the test with -update if the change is meant\n--- want\n%s--- got\n%s", c.path, name, want, got)
		}
		return
	}
	if !c.Has(name) {
		c.names, c.parts[name] = append(c.names, name), []string{""}
	}
	c.parts[name][len(c.parts[name])-1] = got
	if err := write(c.path, c.text()); err != nil {
		t.Fatalf("case: %v", err)
	}
}

// text is the file.
func (c *Case) text() string {
	var b strings.Builder
	b.WriteString(c.Comment)
	written := map[string]int{}
	for _, name := range c.names {
		b.WriteString("-- " + name + " --\n" + c.parts[name][written[name]])
		written[name]++
	}
	return b.String()
}
