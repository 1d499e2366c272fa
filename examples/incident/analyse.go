package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// PathErrors is how a path failed.
type PathErrors struct {
	Path             string
	Requests, Failed int
	Windows          []Window // of five minutes in which most requests failed
}

// Outage sums up the windows, from the beginning of the first to the end of the last.
func (p PathErrors) Outage() (from, to time.Time, requests, failed int) {
	for _, w := range p.Windows {
		requests += w.Requests
		failed += w.Failed
	}
	return p.Windows[0].From, p.Windows[len(p.Windows)-1].From.Add(window), requests, failed
}

// Window is five minutes.
type Window struct {
	From             time.Time
	Requests, Failed int
}

// PathSize is how much a path sends.
type PathSize struct {
	Path     string
	Requests int
	P50, P95 int // bytes
}

// Client is one that is refused, or asks for what is not there, more often than not.
type Client struct {
	Address                           string
	Requests, Refused, Missing, LetIn int
}

// Findings are what the analyses found together.
type Findings struct {
	Requests, BadLines int
	Samples            []string
	Errors             []PathErrors
	Heavy              []PathSize
	Suspicious         []Client
	// Severity is critical, warning or normal; Headline says why; MustName is what a summary may not leave out.
	Severity, Headline, MustName string
}

// counted is what an analysis passes on beside its own finding.
type counted[T any] struct {
	log  Log
	list []T
}

const (
	window = 5 * time.Minute
	most   = 10 // rows in a table
)

// errorRates finds the paths that failed, worst first.
func errorRates(_ context.Context, log Log) (counted[PathErrors], error) {
	paths, windows := map[string]*PathErrors{}, map[string]map[time.Time]*Window{}
	for _, r := range log.Requests {
		p := entry(paths, r.Path)
		p.Path = r.Path
		if windows[r.Path] == nil {
			windows[r.Path] = map[time.Time]*Window{}
		}
		from := r.Time.Truncate(window)
		w := entry(windows[r.Path], from)
		w.From = from
		p.Requests++
		w.Requests++
		if r.Status >= 500 {
			p.Failed++
			w.Failed++
		}
	}
	var list []PathErrors
	for path, p := range paths {
		if p.Failed == 0 {
			continue
		}
		for _, w := range windows[path] {
			if w.Requests >= 5 && 2*w.Failed > w.Requests {
				p.Windows = append(p.Windows, *w)
			}
		}
		slices.SortFunc(p.Windows, func(a, b Window) int { return a.From.Compare(b.From) })
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b PathErrors) int { return cmp.Or(b.Failed-a.Failed, cmp.Compare(a.Path, b.Path)) })
	return counted[PathErrors]{log, list[:min(most, len(list))]}, nil
}

// heaviest finds the paths that send most.
func heaviest(_ context.Context, log Log) ([]PathSize, error) {
	sizes := map[string][]int{}
	for _, r := range log.Requests {
		sizes[r.Path] = append(sizes[r.Path], r.Bytes)
	}
	var list []PathSize
	for path, s := range sizes {
		slices.Sort(s)
		list = append(list, PathSize{Path: path, Requests: len(s), P50: s[len(s)/2], P95: s[len(s)*95/100]})
	}
	slices.SortFunc(list, func(a, b PathSize) int { return cmp.Or(b.P95-a.P95, cmp.Compare(a.Path, b.Path)) })
	return list[:min(5, len(list))], nil
}

// suspects finds clients that are refused, or ask for what is not there, more often than not.
func suspects(_ context.Context, log Log) ([]Client, error) {
	clients := map[string]*Client{}
	for _, r := range log.Requests {
		c := entry(clients, r.Client)
		c.Address = r.Client
		c.Requests++
		switch {
		case r.Status == 401 || r.Status == 403:
			c.Refused++
		case r.Status == 404:
			c.Missing++
		case r.Status == 302 && r.Path == "/login":
			c.LetIn++
		}
	}
	var list []Client
	for _, c := range clients {
		if bad := c.Refused + c.Missing; bad >= 100 && 2*bad > c.Requests {
			list = append(list, *c)
		}
	}
	slices.SortFunc(list, func(a, b Client) int { return cmp.Or(b.Requests-a.Requests, cmp.Compare(a.Address, b.Address)) })
	return list[:min(most, len(list))], nil
}

// join puts the three analyses together.
func join(_ context.Context, errors counted[PathErrors], heavy []PathSize, clients []Client) (Findings, error) {
	log := errors.log
	return Findings{Requests: len(log.Requests), BadLines: log.BadLines, Samples: log.Samples,
		Errors: errors.list, Heavy: heavy, Suspicious: clients}, nil
}

// hasOutage says that some path failed for most of five minutes.
func hasOutage(_ context.Context, f Findings) (bool, error) { return worst(f) != nil, nil }

// worst is the path with the outage in which most requests failed; nil when there is none.
func worst(f Findings) *PathErrors {
	var found *PathErrors
	most := 0
	for i := range f.Errors {
		if len(f.Errors[i].Windows) == 0 {
			continue
		}
		if _, _, _, failed := f.Errors[i].Outage(); failed > most {
			found, most = &f.Errors[i], failed
		}
	}
	return found
}

// outage says how bad it was.
func outage(_ context.Context, f Findings) (Findings, error) {
	w := worst(f)
	from, to, requests, failed := w.Outage()
	f.Severity, f.MustName = "critical", w.Path
	f.Headline = fmt.Sprintf("%s failed for %d of %d requests between %s and %s", w.Path, failed, requests,
		from.Format(time.RFC3339), to.Format(time.RFC3339))
	return f, nil
}

// clients is the severity of a log without an outage.
func clients(_ context.Context, f Findings) (Findings, error) {
	if len(f.Suspicious) == 0 {
		f.Severity, f.Headline = "normal", fmt.Sprintf("nothing stands out in %d requests", f.Requests)
		return f, nil
	}
	c := f.Suspicious[0]
	f.Severity, f.MustName = "warning", c.Address
	f.Headline = fmt.Sprintf("%s was refused %d times and asked %d times for what is not there", c.Address, c.Refused, c.Missing)
	return f, nil
}

// entry is the value of a key, made on first use.
func entry[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}
