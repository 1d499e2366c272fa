package main

import (
	"bytes"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/blueprint/builtin"
)

// written is the log that stands in the repository, as its seed gives it. It is made once.
var written = sync.OnceValues(func() ([]byte, error) {
	var out bytes.Buffer
	err := generate([]string{"-seed", "7", "-lines", "20000"}, &out)
	return out.Bytes(), err
})

// parsed reads its lines as the pipeline does, and counts those that do not fit.
func parsed(t *testing.T) (list []map[string]any, bad int) {
	t.Helper()
	log, err := written()
	if err != nil {
		t.Fatal(err)
	}
	call, err := (&builtin.Parse{Format: "combined"}).Build(builtin.Env{})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		out, err := call(t.Context(), strings.TrimSuffix(line, "\n"))
		if err != nil {
			bad++
			continue
		}
		list = append(list, out.(map[string]any))
	}
	return list, bad
}

func count(list []map[string]any, holds func(m map[string]any) bool) int {
	n := 0
	for _, m := range list {
		if holds(m) {
			n++
		}
	}
	return n
}

func TestGenerate_GivesTheLogOfTheRepositoryByteForByte(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../access.log")
	if err != nil {
		t.Fatal(err)
	}
	got, err := written()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got %d bytes that are not the %d of access.log; write it again: go run ./examples/incident/generate > examples/incident/access.log", len(got), len(want))
	}
	if len(want) >= 3_000_000 {
		t.Errorf("access.log has %d bytes", len(want))
	}
}

func TestGenerate_OtherSeedsGiveOtherLogsOfTheLinesAskedFor(t *testing.T) {
	t.Parallel()
	logs := map[string]bool{}
	for _, args := range [][]string{{"-seed", "1", "-lines", "1000"}, {"-seed", "2", "-lines", "1000"}} {
		var out bytes.Buffer
		if err := generate(args, &out); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(out.Bytes(), []byte("\n")); n != 1000 {
			t.Errorf("%v: %d lines", args, n)
		}
		logs[out.String()] = true
	}
	if len(logs) != 2 {
		t.Error("two seeds gave one log")
	}
}

func TestGenerate_RefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-lines", "999"}, {"-lines", "5000001"}, {"access.log"}} {
		var out bytes.Buffer
		if err := generate(args, &out); err == nil || out.Len() > 0 {
			t.Errorf("%v: %d bytes, %v", args, out.Len(), err)
		}
	}
}

func TestLog_HasTwentyFiveBadLinesAndIsOneDayInOrder(t *testing.T) {
	t.Parallel()
	list, bad := parsed(t)
	if bad != 25 || len(list) != 19_975 {
		t.Errorf("%d good lines and %d bad ones", len(list), bad)
	}
	if !slices.IsSortedFunc(list, func(a, b map[string]any) int { return strings.Compare(a["time"].(string), b["time"].(string)) }) {
		t.Error("the times are not in order")
	}
	if n := count(list, func(m map[string]any) bool { return !strings.HasPrefix(m["time"].(string), "2025-03-14T") }); n > 0 {
		t.Errorf("%d lines are of another day", n)
	}
}

func TestLog_HasOnlyAddressesForDocumentation(t *testing.T) {
	t.Parallel()
	blocks := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	list, _ := parsed(t)
	for _, m := range list {
		a, err := netip.ParseAddr(m["remote"].(string))
		if err != nil || !slices.ContainsFunc(blocks, func(p netip.Prefix) bool { return p.Contains(a) }) {
			t.Fatalf("%v, %v", m["remote"], err)
		}
	}
}

// The README says what a reader of the log must find; this holds it to that.
func TestLog_HoldsWhatTheREADMEPromises(t *testing.T) {
	t.Parallel()
	list, _ := parsed(t)
	in := func(m map[string]any) bool {
		at, err := time.Parse(time.RFC3339, m["time"].(string))
		return err == nil && duringIncident(at)
	}
	checkout := func(m map[string]any) bool { return m["path"] == "/api/checkout" }
	failed := func(m map[string]any) bool { return m["status"].(int64) >= 500 }
	from := func(client string, status int64) func(map[string]any) bool {
		return func(m map[string]any) bool { return m["remote"] == client && m["status"] == status }
	}
	for name, c := range map[string]struct {
		want  int
		holds func(map[string]any) bool
	}{
		"checkouts in the window":        {210, func(m map[string]any) bool { return checkout(m) && in(m) }},
		"failed checkouts in the window": {178, func(m map[string]any) bool { return checkout(m) && in(m) && failed(m) }},
		"checkouts outside":              {546, func(m map[string]any) bool { return checkout(m) && !in(m) }},
		"failed checkouts outside":       {1, func(m map[string]any) bool { return checkout(m) && !in(m) && failed(m) }},
		"other failures of the server":   {10, func(m map[string]any) bool { return !checkout(m) && failed(m) }},
		"scanner, not found":             {506, from(scanner, 404)},
		"scanner, forbidden":             {34, from(scanner, 403)},
		"stuffer, refused":               {915, from(stuffer, 401)},
		"stuffer, let in":                {3, from(stuffer, 302)},
		"others' refused logins":         {39, func(m map[string]any) bool { return m["status"] == int64(401) && m["remote"] != stuffer }},
		"exports of more than four MB": {60, func(m map[string]any) bool {
			return m["path"] == "/reports/sales.csv" && m["bytes"].(int64) > 4_000_000
		}},
		"answers of the uptime monitor": {719, from(monitor, 200)},
	} {
		if got := count(list, c.holds); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
