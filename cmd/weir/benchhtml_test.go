package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirflow/weir/bench"
)

// contextWithSignal is a context that stop ends as an interrupt does.
func contextWithSignal(t *testing.T) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(&signaled{os.Interrupt}) }
}

// stopAfter calls stop at the nth write.
func stopAfter(w io.Writer, n int64, stop func()) io.Writer {
	s := &stopper{w: w, stop: stop}
	s.left.Store(n)
	return s
}

type stopper struct {
	w    io.Writer
	left atomic.Int64
	stop func()
}

func (s *stopper) Write(b []byte) (int, error) {
	if s.left.Add(-1) == 0 {
		s.stop()
	}
	return s.w.Write(b)
}

func TestThePageIsWellFormedAndLoadsNothing(t *testing.T) {
	t.Parallel()
	page, err := renderHTML(found())
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Entity = xml.HTMLEntity
	charts := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg":
			charts++
		case "script", "link", "img", "iframe", "object", "a":
			t.Errorf("<%s> on a page that stands by itself", e.Name.Local)
		}
	}
	if charts != 8 {
		t.Errorf("%d charts", charts)
	}
	if outside := regexp.MustCompile(`(?i)https?:|//[a-z]|url\(|@import`).FindAll(page, -1); len(outside) > 0 {
		t.Errorf("it names %q", outside)
	}
	for _, part := range []string{"5 of 6 targets met", "zipf &lt;0.9&gt;", `class="text bad"`, "−3,756 %", "No time was left for 1 figure"} {
		if !bytes.Contains(page, []byte(part)) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestAPageOfNothingIsStillAPage(t *testing.T) {
	t.Parallel()
	page, err := renderHTML(&bench.Report{})
	if err != nil || bytes.Contains(page, []byte("<svg")) || !bytes.HasSuffix(page, []byte("</html>\n")) {
		t.Errorf("%v %s", err, page)
	}
}

func TestTheHTMLFileIsWrittenBesideTheTables(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.html")
	got := measured(t, "--only", "references", "--workload", "seq10", "-q", "--html", path)
	b, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(b), "seq10") || !strings.Contains(got.out, "References") {
		t.Errorf("%v %+v", err, got)
	}
}

func TestFiguresAreWrittenWithThreeDigits(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"551 ns": nanoseconds(551), "1.13 µs": amount(1130, "ns/run"), "1 µs": nanoseconds(999.9), "2.1 ms": nanoseconds(2.1e6),
		"144 B": byteCount(144), "1 MB": byteCount(1 << 20), "1.9 M runs/s": amount(1.9e6, "runs/s"), "0 ns": nanoseconds(0),
		"+45 %": signedPercent(0.454), "−3,756 %": signedPercent(-37.56), "0 %": signedPercent(-0.0001), "+0.4 %": signedPercent(0.004), "0.85 ×": times(0.852),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
