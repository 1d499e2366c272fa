// Command peers runs the same small graphs on weir, on eino, genkit and langchaingo, and in plain Go, and shows what a run costs.
//
// All stand in one process and take turns; times are process CPU time with the collector's included. Trust the ratios, which are taken
// within a round, and the allocations: single times depend on what else the machine does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := plainStacks(); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// plainStacks starts this program anew with GODEBUG=adaptivestackstart=0. Without, goroutines begin with a stack of the average size
// at the last collection, so that what a waiting run of one engine takes depends on which engines ran before.
func plainStacks() error {
	const name, setting = "GODEBUG", "adaptivestackstart="
	old := os.Getenv(name)
	if strings.Contains(old, setting) {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Setenv(name, strings.TrimPrefix(old+","+setting+"0", ",")); err != nil {
		return err
	}
	return syscall.Exec(self, os.Args, os.Environ())
}

// command is the whole program.
func command(ctx context.Context, args []string, out, progress io.Writer) error {
	s := suite{say: func(format string, args ...any) { fmt.Fprintf(progress, format+"\n", args...) }}
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.SetOutput(progress)
	asJSON := flags.Bool("json", false, "print JSON instead of tables")
	only := flags.String("only", "", "workloads, parted by commas: "+strings.Join(names(), ", ")+" (default all)")
	flags.IntVar(&s.rounds, "rounds", 15, "how often everybody takes its turn")
	flags.DurationVar(&s.window, "window", 50*time.Millisecond, "CPU time of one turn")
	flags.IntVar(&s.flights, "flights", 10_000, "how many runs inflight holds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *only != "" {
		s.only = strings.Split(*only, ",")
	}
	if err := s.check(flags.Args()); err != nil {
		return err
	}
	quiet()
	list := engines(ctx)
	tables, err := s.run(ctx, list)
	if err != nil {
		return err
	}
	r := newReport(list, tables)
	if *asJSON {
		return r.json(out)
	}
	return r.text(out)
}

// check finds what cannot be measured.
func (s suite) check(rest []string) error {
	for _, name := range s.only {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("no workload is called %q; there are: %s", name, strings.Join(names(), ", "))
		}
	}
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is not understood; workloads are chosen with --only", rest[0])
	case s.rounds < 1 || s.window <= 0 || s.flights < 1:
		return errors.New("--rounds, --window and --flights must be more than 0")
	}
	return nil
}

// quiet takes back what a developer's shell may have set for genkit: a development server, or a collector of spans.
func quiet() {
	for _, name := range []string{"GENKIT_ENV", "GENKIT_TELEMETRY_SERVER"} {
		os.Unsetenv(name)
	}
}
