package weir

import (
	"os"
	"strings"

	"github.com/weirflow/weir/pass"
	"github.com/weirflow/weir/plan"
)

// WithoutEnv is the environment variable that names optimisations to drop, parted by commas.
const WithoutEnv = "WEIR_WITHOUT"

// The names of the optimisations that components and limiters are chosen by.
const (
	optCodec   = "codec"   // bytes of values: codec.New; its twin is codec.Plain
	optKey     = "key"     // keys of caches: hash.Keys; its twin is hash.Plain
	optTape    = "tape"    // events of a run that was started, in short; its twin keeps them as they are
	optLimiter = "limiter" // permits: limit.Limit; its twin is limit.Channel
	optLookup  = "lookup"  // results in memory: cache.Lazy and cache.FlightTable; their twins are cache.LRU and a map with a lock
)

// Optimisations gives the names that Config.Without takes besides "all": the passes, and what the engine switches. Dropping one may
// not change an answer; weirtest.SameWithout tests that of a pipeline.
func Optimisations() []string {
	names := []string{
		"cow",        // a fork of the state shares it, instead of copying all of it
		"pool",       // what a run works with is used again, instead of made anew
		"spine",      // a loop with one deferred call and one read of the clock a step, instead of a guarded and timed call
		"crew",       // workers are started as work is left, instead of a goroutine for each branch and item
		"lazycancel", // branches get a channel to wait on when they ask for it, instead of each group at once
		"typed",      // values travel between functions in cells of their type, instead of boxed
		"park",       // a run that was started waits for permits and times without a goroutine, instead of in one
		"stack",      // a run that was started has its stack at once, instead of growing into it
		optTape, optKey, optLookup, optLimiter, optCodec,
	}
	for _, p := range pass.All() {
		names = append(names, p.Name())
	}
	return names
}

// without is the only reader of Without and its environment variable: the set of dropped names, or what is wrong with it.
func without(list []string) (map[string]bool, error) {
	list = append(strings.FieldsFunc(os.Getenv(WithoutEnv), func(r rune) bool { return r == ',' || r == ' ' }), list...)
	if len(list) == 0 {
		return nil, nil
	}
	known := Optimisations()
	dropped := map[string]bool{}
	for _, name := range list {
		if name == "all" {
			for _, k := range known {
				dropped[k] = true
			}
			continue
		}
		found := false
		for _, k := range known {
			found = found || k == name
		}
		if !found {
			return nil, plan.Errorf(plan.CodeConfig, "weir: compile: without: there is no optimisation %q; there are %s, and all",
				name, strings.Join(known, ", "))
		}
		dropped[name] = true
	}
	return dropped, nil
}
