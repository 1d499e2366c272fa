package main

import (
	"fmt"
	"strings"
	"time"
)

// markdown is the report for people.
func markdown(r Report) string {
	f, b := r.Findings, &strings.Builder{}
	fmt.Fprintf(b, "# %s\n\nSeverity **%s**. Written by %s.\n\n%s\n\n## What to do\n\n", r.Title, f.Severity, r.By, r.Summary)
	for _, a := range r.Actions {
		fmt.Fprintf(b, "- %s\n", a)
	}
	writeOutages(b, f.Errors)
	b.WriteString("\n## Error rate by path\n\n| path | failed | of | share |\n|---|--:|--:|--:|\n")
	for _, e := range f.Errors {
		fmt.Fprintf(b, "| %s | %d | %d | %.1f %% |\n", code(e.Path), e.Failed, e.Requests, 100*float64(e.Failed)/float64(e.Requests))
	}
	b.WriteString("\n## Heavy endpoints\n\n| path | requests | median bytes | p95 bytes |\n|---|--:|--:|--:|\n")
	for _, h := range f.Heavy {
		fmt.Fprintf(b, "| %s | %d | %d | %d |\n", code(h.Path), h.Requests, h.P50, h.P95)
	}
	b.WriteString("\n## Suspicious clients\n\n| client | requests | refused | not there | logins |\n|---|--:|--:|--:|--:|\n")
	for _, c := range f.Suspicious {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", code(c.Address), c.Requests, c.Refused, c.Missing, c.LetIn)
	}
	fmt.Fprintf(b, "\n%d requests were read; %d line(s) were no log lines and were left out.\n", f.Requests, f.BadLines)
	for _, s := range f.Samples {
		fmt.Fprintf(b, "\n- %s", code(s))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// writeOutages says what failed, and when.
func writeOutages(b *strings.Builder, errors []PathErrors) {
	b.WriteString("\n## What failed, and when\n\n| path | from | to | failed | of |\n|---|---|---|--:|--:|\n")
	for _, e := range errors {
		if len(e.Windows) == 0 {
			continue
		}
		from, to, requests, failed := e.Outage()
		fmt.Fprintf(b, "| %s | %s | %s | %d | %d |\n", code(e.Path), from.Format(time.RFC3339), to.Format(time.RFC3339), failed, requests)
	}
}

// code shows text of a log in a table. What is in a log was written by strangers: nothing in it may end the cell or the quotes.
func code(text string) string {
	return "`" + strings.NewReplacer("|", "\\|", "`", "'").Replace(text) + "`"
}
