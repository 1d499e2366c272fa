package main

import (
	"slices"
	"time"
)

// The day, and the window in which the checkout fails.
var (
	midnight      = time.Date(2025, time.March, 14, 0, 0, 0, 0, time.UTC)
	incidentStart = midnight.Add(13*time.Hour + 5*time.Minute)
	incidentEnd   = midnight.Add(14*time.Hour + 20*time.Minute)
)

// visits are the weights of the hours: quiet nights, a sale at noon that the newsletter announced, and a busy evening.
var visits = []int{14, 9, 7, 6, 6, 8, 14, 26, 42, 55, 63, 72, 150, 190, 120, 72, 64, 66, 75, 88, 94, 80, 52, 28}

// day gives the lines in the order of their times.
func day(seed uint64, lines int) []string {
	r := newRandom(seed)
	share := func(permille int) int { return lines * permille / 1000 }
	var all []request
	all = append(all, scan(r, share(27))...)
	all = append(all, stuff(r, share(46))...)
	all = append(all, exports(r, share(3))...)
	all = append(all, crawl(r, share(80))...)
	all = append(all, probes(r, share(36))...)
	for len(all) < lines {
		all = append(all, slices.DeleteFunc(visit(r), tomorrow)...)
	}
	all = all[:lines] // the last visit may be cut short, as visits are
	slices.SortStableFunc(all, func(a, b request) int { return a.at.Compare(b.at) })
	out := make([]string, lines)
	for i, q := range all {
		out[i] = q.line()
	}
	damage(r, out)
	return out
}

// moment gives a time of the day, as visits come.
func moment(r *random) time.Time {
	return midnight.Add(time.Duration(r.weighted(visits))*time.Hour + r.seconds(0, 3599))
}

// duringIncident says that the checkout is failing.
func duringIncident(at time.Time) bool { return !at.Before(incidentStart) && at.Before(incidentEnd) }

// tomorrow says that a request belongs to the next day's log.
func tomorrow(q request) bool { return !q.at.Before(midnight.AddDate(0, 0, 1)) }
