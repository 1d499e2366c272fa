package main

import (
	"fmt"
	"time"
)

// request is one line of the log.
type request struct {
	at       time.Time
	client   string
	user     string // empty: none
	method   string
	path     string
	status   int
	bytes    int
	referer  string // empty: none
	agent    string
	protocol string // empty: HTTP/1.1
}

// line writes it in the combined log format.
func (r request) line() string {
	protocol := r.protocol
	if protocol == "" {
		protocol = "HTTP/1.1"
	}
	return fmt.Sprintf("%s - %s [%s] \"%s %s %s\" %d %d \"%s\" \"%s\"", r.client, orDash(r.user), r.at.Format("02/Jan/2006:15:04:05 -0700"),
		r.method, r.path, protocol, r.status, r.bytes, orDash(r.referer), orDash(r.agent))
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
