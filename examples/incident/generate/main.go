// Command generate writes a synthetic access log of a web shop's day with an incident in it, in the combined log format.
// The same seed and number of lines give the same bytes, on every machine and with every release of Go.
//
//	go run ./examples/incident/generate -seed 7 -lines 20000 > access.log
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := generate(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(2)
	}
}

// The least and the most lines: a day of fewer has no room for all that happens in it.
const (
	minLines = 1_000
	maxLines = 5_000_000
)

func generate(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	seed := flags.Uint64("seed", 7, "what the random choices start from")
	lines := flags.Int("lines", 20_000, "how many lines to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is not a flag; there are -seed and -lines", flags.Arg(0))
	}
	if *lines < minLines || *lines > maxLines {
		return fmt.Errorf("-lines is %d; it can be from %d to %d", *lines, minLines, maxLines)
	}
	w := bufio.NewWriter(out)
	for _, line := range day(*seed, *lines) {
		if _, err := w.WriteString(line + "\n"); err != nil {
			return err
		}
	}
	return w.Flush()
}
