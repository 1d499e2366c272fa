package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/weirflow/weir/bench"
)

// writeContention says how much a load waited, and how much of it for weir.
func writeContention(p *page, c *bench.Contention) {
	p.line()
	p.line(p.paint(bold, "Waiting under a concurrent load"))
	p.text(2, "", 0, fmt.Sprintf("%s in %s on %s, %s in flight, each wait recorded.", plural(c.Runs, "run"), short(seconds(c.Seconds)), plural(c.Cores, "core"), grouped(c.InFlight)))
	t := &table{head: []string{"waits", "in all", "of the time", "in weir's own code", ""}, left: map[int]bool{4: true}}
	time := c.Seconds * 1e9 * float64(max(c.Cores, c.InFlight))
	for _, k := range []struct {
		name string
		bench.Waits
	}{{"for a mutex", c.Mutex}, {"blocked", c.Block}} {
		counted, own := k.Counted(), k.Own()
		t.rows = append(t.rows, plainCells(k.name, nanoseconds(counted), percentOf(counted, time), nanoseconds(own), percentOf(own, counted)+" of these waits"))
	}
	t.write(p, 2)
	for _, w := range c.Block.Weir[:min(3, len(c.Block.Weir))] {
		p.text(2, "blocked", 9, w.Function+": "+nanoseconds(w.Ns))
	}
	p.text(2, "", 0, contentionNote(c))
}

// contentionTable has the waits of weir, the longest first, and what was left out of account.
func contentionTable(c *bench.Contention) *table {
	t := &table{head: []string{"function of weir", "", "waits for", "waited", "of all waits", "at most"}, left: map[int]bool{1: true, 2: true}}
	if c == nil {
		return t
	}
	breaches := c.Breaches()
	for _, w := range c.Block.Weir[:min(8, len(c.Block.Weir))] {
		row := plainCells(w.Function, "", "a channel", nanoseconds(w.Ns), percentOf(w.Share, 1), "")
		if w.Lock {
			row[1], row[2].text, row[5].text = cell{"✓", green}, "a lock", percentOf(c.Most, 1)
			for _, b := range breaches {
				if b == w {
					row[1] = cell{"✗ too much", red}
				}
			}
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) == 0 {
		t.rows = append(t.rows, []cell{{"none: no run waited for another in weir's own code", ""}, {"✓", green}, {}, {}, {}, {}})
	}
	return t
}

// contentionNote says what the waits are of, and what was left out of account.
func contentionNote(c *bench.Contention) string {
	if c == nil {
		return ""
	}
	text := fmt.Sprintf("In %s with %s runs in flight on %s, %s of waiting, of which %s in weir's own code.", short(seconds(c.Seconds)), grouped(c.InFlight), plural(c.Cores, "core"), nanoseconds(c.Block.Counted()), nanoseconds(c.Block.Own()))
	if len(c.Block.Load) > 0 {
		var names []string
		for _, w := range c.Block.Load[:min(3, len(c.Block.Load))] {
			names = append(names, fmt.Sprintf("%s (%s)", w.Function[strings.LastIndex(w.Function, "/")+1:], nanoseconds(w.Ns)))
		}
		text += " Not counted is what the load itself waits: " + strings.Join(names, ", ") + "."
	}
	return text + fmt.Sprintf(" A lock may have %s of all waits; one for which less than a thousandth of all goroutines' time is waited is not judged.", percentOf(c.Most, 1))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func percentOf(part, whole float64) string {
	if whole <= 0 {
		return "0 %"
	}
	return digits(100*part/whole) + " %"
}
