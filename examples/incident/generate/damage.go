package main

import "strings"

// damage spoils one line in 800, 25 of 20,000, in ways that logs are spoilt. None of them fits the format any more.
func damage(r *random, lines []string) {
	n := max(1, len(lines)/800)
	stride := len(lines) / n
	for i := range n {
		at := i*stride + r.below(stride-1)
		lines[at] = spoil(i, lines[at], lines[at+1])
	}
}

func spoil(way int, line, next string) string {
	switch way % 6 {
	case 0: // the disk was full
		return line[:len(line)/2]
	case 1: // two processes wrote at once
		return line[:len(line)-9] + next
	case 2: // another log went to the same file
		return "upstream timed out (110: Operation timed out) while reading response header from upstream"
	case 3: // no calendar has this day
		return strings.Replace(line, "[14/Mar/2025", "[31/Feb/2025", 1)
	case 4: // the status got lost
		before, after, _ := strings.Cut(line, `" `)
		return before + `" - ` + strings.TrimLeft(after, "0123456789")
	}
	return ""
}
