package main

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// The measures of a chart, in the units of its view box: names at the left, values at the right, bars between.
const (
	svgWidth   = 900
	svgNames   = 210
	svgValues  = 170
	svgRow     = 26
	svgGroup   = 30
	svgBar     = 14
	svgAxis    = 30
	svgPadding = 8
)

// svg draws the chart, or nothing when it has no bars. Colours are classes: the page has them for light and for dark.
func (c *chart) svg() template.HTML {
	if len(c.bars) == 0 {
		return ""
	}
	var b strings.Builder
	height := svgAxis + svgPadding
	group := ""
	for _, x := range c.bars {
		height += svgRow
		if x.group != group {
			group, height = x.group, height+svgGroup
		}
	}
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n", svgWidth, height, html.EscapeString(c.says))
	for _, t := range c.ticks {
		class := "line"
		if t.strong {
			class = "line strong"
		}
		fmt.Fprintf(&b, `<line class="%s" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", class, c.x(t.at), svgPadding, c.x(t.at), height-svgAxis)
		fmt.Fprintf(&b, `<text class="tick" text-anchor="middle" x="%.1f" y="%d">%s</text>`+"\n", c.x(t.at), height-svgAxis+18, html.EscapeString(t.text))
	}
	y := svgPadding
	group = ""
	for _, x := range c.bars {
		if x.group != group {
			group = x.group
			fmt.Fprintf(&b, `<text class="group" x="0" y="%d">%s</text>`+"\n", y+svgGroup-8, html.EscapeString(cut(group, 60)))
			y += svgGroup
		}
		c.draw(&b, x, y+svgRow/2)
		y += svgRow
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // every text in it is escaped above
}

// x is the place of a value; values outside of the scale stand at its ends.
func (c *chart) x(v float64) float64 {
	v = min(max(v, c.from), c.to)
	return svgNames + (svgWidth-svgNames-svgValues)*(v-c.from)/(c.to-c.from)
}

// outside says that a value is not on the scale.
func (c *chart) outside(v float64) bool { return v < c.from || v > c.to }

// draw draws one bar round the middle of its row.
func (c *chart) draw(b *strings.Builder, x bar, middle int) {
	left, right := c.x(min(x.start, x.end)), c.x(max(x.start, x.end))
	fmt.Fprintf(b, `<g><title>%s: %s</title>`, html.EscapeString(x.label), html.EscapeString(x.value))
	fmt.Fprintf(b, `<text class="name" text-anchor="end" x="%d" y="%d">%s</text>`, svgNames-12, middle+4, html.EscapeString(cut(x.label, 30)))
	fmt.Fprintf(b, `<rect class="bar %s" x="%.1f" y="%d" width="%.1f" height="%d" rx="2"/>`, barClass(x.colour), left, middle-svgBar/2, max(1, right-left), svgBar)
	if c.outside(x.end) {
		at, tip := c.x(x.end), 8.0
		if x.end < c.from {
			tip = -tip
		}
		fmt.Fprintf(b, `<path class="bar %s" d="M%.1f %d l%.1f %d l%.1f %d z"/>`, barClass(x.colour), at, middle-svgBar/2-2, tip, svgBar/2+2, -tip, svgBar/2+2)
	}
	if x.low != 0 || x.high != 0 {
		fmt.Fprintf(b, `<line class="interval" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`, c.x(x.low), middle, c.x(x.high), middle)
	}
	if !math.IsNaN(x.mark) {
		fmt.Fprintf(b, `<line class="mark" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`, c.x(x.mark), middle-svgBar/2-3, c.x(x.mark), middle+svgBar/2+3)
	}
	fmt.Fprintf(b, `<text class="value" x="%d" y="%d">%s</text></g>`+"\n", svgWidth-svgValues+18, middle+4, html.EscapeString(x.value))
}

func barClass(colour string) string {
	switch colour {
	case green:
		return "good"
	case red:
		return "bad"
	}
	return "faint"
}
