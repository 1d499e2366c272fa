package weirtest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirflow/weir"
)

// SameWithout tests that no optimisation changes what a pipeline does. It runs the pipeline with all of them, with each one
// dropped (weir.Optimisations), with some drawn at random and with none, each time once recorded, once not, and once started to run by
// itself, and fails where the Outcome differs. create makes the pipeline and its Config, which may be nil, anew for each run, so that a
// scripted model begins from its beginning.
//
// What a pipeline does must not depend on time or chance; one that cancels branches which still run does. The outcome is
// returned, so that it can be compared with that of other conditions, such as another GOMAXPROCS.
func SameWithout[I, O any](t testing.TB, in I, create func() (weir.Step[I, O], *weir.Config), opts ...weir.RunOption) string {
	t.Helper()
	var first, firstStarted string
	for _, without := range variants() {
		s, config := dropping(create, without)
		got := Outcome(t, s, config, in, opts...)
		if first == "" {
			first = got
		} else if got != first {
			t.Errorf("without %s the outcome is another one:\n%s", naming(without), differing(first, got))
		}
		s, config = dropping(create, without)
		if bare := bare(t, s, config, in, opts); !strings.Contains(first, bare) {
			t.Errorf("without %s and not recorded, it is not the recorded\n%s", naming(without), bare)
		}
		s, config = dropping(create, without)
		got = OutcomeStarted(t, s, config, in, opts...)
		if firstStarted == "" {
			firstStarted = got
		} else if got != firstStarted {
			t.Errorf("without %s and started, the outcome is another one:\n%s", naming(without), differing(firstStarted, got))
		}
	}
	return first
}

// drawn is how many lists of optimisations are drawn at random; a failure names its list.
const drawn = 4

// variants are lists of dropped optimisations: none, each one, some, all.
func variants() [][]string {
	list := [][]string{nil}
	names := weir.Optimisations()
	for _, name := range names {
		list = append(list, []string{name})
	}
	for range drawn {
		var some []string
		for _, name := range names {
			if rand.IntN(2) == 0 {
				some = append(some, name)
			}
		}
		list = append(list, some)
	}
	return append(list, []string{"all"})
}

// dropping makes the pipeline with a Config that drops some optimisations more.
func dropping[I, O any](create func() (weir.Step[I, O], *weir.Config), without []string) (weir.Step[I, O], *weir.Config) {
	s, given := create()
	config := weir.Config{}
	if given != nil {
		config = *given
	}
	config.Without = append(append([]string(nil), config.Without...), without...)
	return s, &config
}

// bare runs a pipeline that nobody watches.
func bare[I, O any](t testing.TB, s weir.Step[I, O], config *weir.Config, in I, opts []weir.RunOption) string {
	t.Helper()
	p, err := weir.Compile(s, config)
	if err != nil {
		t.Fatalf("the pipeline does not compile: %v", err)
	}
	out, err := p.Run(t.Context(), in, opts...)
	if err != nil {
		return "error " + err.Error() + "\n"
	}
	return answered(out, nil)
}

func naming(without []string) string {
	if without == nil {
		return "nothing"
	}
	return strings.Join(without, ", ")
}

// differing shows the lines by which two texts differ, a few of them.
func differing(want, got string) string {
	const most = 10
	var b strings.Builder
	a, z := strings.Split(want, "\n"), strings.Split(got, "\n")
	shown := 0
	for i := 0; i < max(len(a), len(z)) && shown < most; i++ {
		var was, is string
		if i < len(a) {
			was = a[i]
		}
		if i < len(z) {
			is = z[i]
		}
		if was != is {
			b.WriteString("- " + was + "\n+ " + is + "\n")
			shown++
		}
	}
	return b.String()
}
