package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestEveryEngineAnswersAsTheReferenceDoes(t *testing.T) {
	t.Parallel()
	list := engines(t.Context())
	for _, w := range []workload{sequential(), forking(), looping()} {
		all, err := contenders(t.Context(), w, list)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) < 3 || all[0].name != "reference" || all[1].name != "weir" {
			t.Errorf("%s is measured for %v", w.name, all)
		}
		for _, c := range all {
			if err := onAllCores(c.work)(7); err != nil {
				t.Errorf("%s of %s: %v", w.name, c.name, err)
			}
		}
	}
}

func TestAStepThatFailsFailsTheRunOfEveryEngine(t *testing.T) {
	t.Parallel()
	fails := func(context.Context, int) (int, error) { return 0, errors.New("no more paper") }
	for _, e := range engines(t.Context()) {
		graphs := map[string]func() (call, error){
			"chain": func() (call, error) { return e.chain(t.Context(), ten(fails)) },
			"fork":  func() (call, error) { return e.fork(t.Context(), []call{one, fails}) },
		}
		if e.loop != nil {
			graphs["loop"] = func() (call, error) { return e.loop(t.Context(), fails, 3) }
		}
		for name, build := range graphs {
			graph, err := build()
			if err != nil {
				t.Fatalf("%s of %s: %v", name, e.name, err)
			}
			if _, err := graph(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "no more paper") {
				t.Errorf("%s of %s ended with %v", name, e.name, err)
			}
		}
	}
}

func TestEveryRunThatWaitsTakesMemoryAndAGoroutine(t *testing.T) {
	t.Parallel()
	figures, err := inFlight(t.Context(), engines(t.Context()), 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.Engine == "" || f.Workload != "inflight" || f.Bytes == 0 || f.Goroutines == 0 {
			t.Errorf("a figure is %+v", f)
		}
	}
}

func TestARunThatFailsInFlightEndsTheMeasurement(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		run  call
		want string
	}{
		{"error", func(context.Context, int) (int, error) { return 0, errors.New("no more paper") }, "no more paper"},
		{"answer", one, "the answer is 2, not 11"},
	} {
		e := engine{name: c.name, chain: func(context.Context, []call) (call, error) { return c.run, nil }}
		if _, err := flight(t.Context(), &e, 3); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: ended with %v", c.name, err)
		}
	}
}

func TestAWrongAnswerIsAnError(t *testing.T) {
	t.Parallel()
	wrong := engine{name: "sloppy", chain: func(_ context.Context, steps []call) (call, error) { return steps[0], nil }}
	_, err := contenders(t.Context(), sequential(), []engine{weirEngine(), wrong})
	if err == nil || !strings.Contains(err.Error(), "seq10 of sloppy: the answer is 2, not 11") {
		t.Errorf("it ended with %v", err)
	}
}

func TestAnEngineWithoutALoopIsLeftOutOfIt(t *testing.T) {
	t.Parallel()
	all, err := contenders(t.Context(), looping(), []engine{weirEngine(), langchaingoEngine()})
	if err != nil || slices.ContainsFunc(all, func(c contender) bool { return c.name == "langchaingo" }) || len(all) != 2 {
		t.Errorf("the loop is measured for %v, %v", all, err)
	}
}
