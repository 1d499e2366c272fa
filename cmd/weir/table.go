package main

import (
	"strings"
	"unicode/utf8"
)

// table is rows of aligned cells. One that is wider than its page goes on below, with its first column again.
type table struct {
	head []string
	// left are the columns, besides the first, that hold text; all others hold numbers, which stand at the right.
	left map[int]bool
	rows [][]cell
}

// cell is a text and its colour.
type cell struct{ text, colour string }

// plainCells makes cells without colour.
func plainCells(texts ...string) []cell {
	row := make([]cell, len(texts))
	for i, t := range texts {
		row[i].text = t
	}
	return row
}

// gap stands between two columns.
const gap = 2

// write writes the table, indented.
func (t *table) write(p *page, indent int) {
	widths := t.widths()
	for from := 1; from == 1 || from < len(t.head); {
		to, width := from, indent+widths[0]
		for to < len(t.head) && (to == from || width+gap+widths[to] <= p.width) {
			width += gap + widths[to]
			to++
		}
		if from > 1 {
			p.line()
		}
		t.part(p, indent, widths, from, to)
		from = max(to, 2)
	}
}

// part writes the first column and those from one to before another.
func (t *table) part(p *page, indent int, widths []int, from, to int) {
	head := plainCells(t.head...)
	for i := range head {
		head[i].colour = dim
	}
	for _, row := range append([][]cell{head}, t.rows...) {
		var line strings.Builder
		line.WriteString(strings.Repeat(" ", indent) + t.aligned(p, row[0], widths[0], true))
		for i := from; i < to; i++ {
			line.WriteString(strings.Repeat(" ", gap) + t.aligned(p, row[i], widths[i], t.left[i]))
		}
		p.line(strings.TrimRight(line.String(), " "))
	}
}

// aligned is a cell as wide as its column.
func (t *table) aligned(p *page, c cell, width int, left bool) string {
	space := strings.Repeat(" ", width-utf8.RuneCountInString(c.text))
	if left {
		return p.paint(c.colour, c.text) + space
	}
	return space + p.paint(c.colour, c.text)
}

func (t *table) widths() []int {
	widths := make([]int, len(t.head))
	for i, h := range t.head {
		widths[i] = utf8.RuneCountInString(h)
		for _, row := range t.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i].text))
		}
	}
	return widths
}
