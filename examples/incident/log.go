package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weirflow/weir/step/each"
)

// Request is one line of an access log.
type Request struct {
	Client string
	Time   time.Time
	Path   string // without the query
	Status int
	Bytes  int
}

// Log is a log that was parsed.
type Log struct {
	Requests []Request
	BadLines int
	Samples  []string // the first few lines that are none
}

// read gives the lines of a file.
func read(_ context.Context, name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxLog+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxLog:
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxLog>>20)
	case !utf8.Valid(text):
		return nil, fmt.Errorf("%s is not UTF-8; convert it first", name)
	}
	var lines []string
	for line := range bytes.Lines(text) {
		lines = append(lines, strings.TrimRight(string(line), "\r\n"))
	}
	return lines, nil
}

// combined takes the common and the combined log format, also with a number of seconds behind it. In quotes \" is no end. A
// request that is not three words, such as - or the bytes of a scanner, is the path, whole.
var combined = regexp.MustCompile(`^(\S+) \S+ [^\["]*\[([^\]]+)\] "(?:[A-Z]+ )?((?:[^"\\?]|\\.)*?)(?:\?(?:[^"\\]|\\.)*?)?(?: HTTP/[\d.]+)?" (\d{3}) (\d+|-)` +
	`(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"(?: [\d.]+)?)?$`)

// maxLog is the size of the largest log that is read, in bytes.
const maxLog = 256 << 20

// parse reads one line.
func parse(_ context.Context, line string) (Request, error) {
	m := combined.FindStringSubmatch(line)
	if m == nil {
		return Request{}, fmt.Errorf("%q is no line of the combined log format", shortened(line))
	}
	at, err := time.Parse("02/Jan/2006:15:04:05 -0700", m[2])
	if err != nil {
		return Request{}, err
	}
	status, err := strconv.Atoi(m[4])
	if err != nil || status < 100 || status > 599 {
		return Request{}, fmt.Errorf("the status %s is none", m[4])
	}
	size, _ := strconv.Atoi(m[5]) // - stands for nothing sent
	return Request{Client: m[1], Time: at.UTC(), Path: m[3], Status: status, Bytes: size}, nil
}

// toLog parts what was read from what could not be. Bad lines are counted and never fatal.
func toLog(_ context.Context, lines []each.Outcome[Request]) (Log, error) {
	log := Log{Requests: make([]Request, 0, len(lines))}
	for _, l := range lines {
		if l.Err == nil {
			log.Requests = append(log.Requests, l.Out)
			continue
		}
		log.BadLines++
		if len(log.Samples) < 5 {
			log.Samples = append(log.Samples, l.Err.Error())
		}
	}
	return log, nil
}

func shortened(line string) string {
	if r := []rune(line); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return line
}
