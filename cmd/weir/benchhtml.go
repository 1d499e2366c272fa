package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"os"
	"strings"

	"github.com/weirflow/weir/bench"
)

// benchPage is the page that --html writes. It loads nothing from anywhere.
//
//go:embed benchpage.html
var benchPage string

// pagePart is a part of the page: a chart and its table.
type pagePart struct {
	Title, Says string
	Chart       template.HTML
	Head        []pageCell
	Rows        [][]pageCell
}

// pageCell is a cell of a table.
type pageCell struct {
	Text, Class string
}

// writeHTML writes the page.
func writeHTML(file string, r *bench.Report) error {
	text, err := renderHTML(r)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

func renderHTML(r *bench.Report) ([]byte, error) {
	t, err := template.New("page").Parse(benchPage)
	if err != nil {
		return nil, err
	}
	skipped := &page{width: 1 << 16}
	writeSkipped(skipped, r)
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Machine": machineFacts(r), "Parts": pageParts(r), "Skipped": strings.TrimSpace(skipped.b.String()),
		"Met": len(r.Targets) - len(missed(r)), "Targets": len(r.Targets),
	})
	return b.Bytes(), err
}

// pageParts are the parts that were measured.
func pageParts(r *bench.Report) []pagePart {
	var parts []pagePart
	for _, p := range reportParts(r) {
		if len(p.table.rows) == 0 {
			continue
		}
		part := pagePart{Title: p.title, Says: strings.Join(p.notes, " "), Chart: p.chart().svg()}
		for i, h := range p.table.head {
			part.Head = append(part.Head, pageCell{h, cellClass(cell{}, i == 0 || p.table.left[i])})
		}
		for _, row := range p.table.rows {
			cells := make([]pageCell, len(row))
			for i, c := range row {
				cells[i] = pageCell{c.text, cellClass(c, i == 0 || p.table.left[i])}
			}
			part.Rows = append(part.Rows, cells)
		}
		parts = append(parts, part)
	}
	return parts
}

// cellClass says how a cell looks.
func cellClass(c cell, left bool) string {
	class := "number"
	if left {
		class = "text"
	}
	switch c.colour {
	case green:
		class += " good"
	case red:
		class += " bad"
	case dim:
		class += " faint"
	}
	return class
}
