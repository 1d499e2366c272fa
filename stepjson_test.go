package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/retry"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/step/fallback"
	"github.com/weirflow/weir/step/loop"
	"github.com/weirflow/weir/step/parallel"
	"github.com/weirflow/weir/usage"
)

// record is a step's record as encoding/json writes it.
type record struct {
	Path     string         `json:"path"`
	Kind     string         `json:"kind"`
	Status   weir.Status    `json:"status"`
	Count    int            `json:"count"`
	Failures int            `json:"failures,omitzero"`
	Attempts int            `json:"attempts"`
	Elapsed  time.Duration  `json:"elapsed_ns"`
	Usage    usage.Usage    `json:"usage,omitzero"`
	Error    string         `json:"error,omitzero"`
	Notes    map[string]any `json:"notes,omitempty"`
	Steps    []record       `json:"steps,omitempty"`
}

func records(steps []weir.StepResult) (list []record) {
	for _, s := range steps {
		var text string
		if err := s.Err(); err != nil {
			text = err.Error()
		}
		list = append(list, record{
			s.Path(), s.Kind(), s.Status(), s.Count(), s.Failures(), s.Attempts(), s.Elapsed(), s.Usage(), text, s.Metadata(), records(s.Steps()),
		})
	}
	return list
}

// noted is a function that notes things, uses some, and fails at times.
func noted(name string, fail func(n int) error) weir.Step[int, int] {
	return weir.Func(name, func(ctx context.Context, n int) (int, error) {
		_ = usage.Report(ctx, usage.Usage{Requests: 1, InputTokens: int64(n)})
		return n + 1, fail(n)
	})
}

func TestARecordIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	t.Parallel()
	never := func(int) error { return nil }
	tries := 0
	twice := func(int) error {
		if tries++; tries%2 == 1 {
			return errors.New("once: \"<quoted>\" & \u2028 é\n\x01")
		}
		return nil
	}
	inner := must(weir.Compile(weir.Chain("inner", noted("one", never), noted("two", never)), nil))
	nested := weir.Func("nested", func(ctx context.Context, n int) (*weir.Result[int], error) { return inner.Execute(ctx, n) })
	value := weir.Func("value", func(_ context.Context, r *weir.Result[int]) (int, error) { return r.Output, nil })
	sum := weir.Func("sum", func(_ context.Context, all []int) (int, error) { return all[0] + all[1], nil })
	for name, s := range map[string]weir.Step[int, int]{
		"one step":   noted("plain", never),
		"names":      noted("é <b> & \"x\" \\ ", never),
		"chain":      weir.Chain("c", noted("a", never), weir.Chain("d", noted("a", never), noted("b", never))),
		"retried":    noted("retried", twice).With(retry.UpTo(3)),
		"loop":       loop.Times("loop", 3, noted("inc", never)),
		"branches":   weir.Then(parallel.All("par", noted("a", never), noted("b", never)), sum),
		"fallback":   fallback.To(noted("bad", func(int) error { return errors.New("bad") }), noted("good", never)),
		"nested":     weir.Then(nested, value),
		"fails":      weir.Chain("c", noted("a", never), noted("b", func(int) error { return errors.New("no\tway") }), noted("never", never)),
		"fails mute": noted("mute", func(int) error { return errors.New("") }),
	} {
		r, _ := must(weir.Compile(s, nil)).Execute(t.Context(), 1)
		want := string(must(json.Marshal(records(r.Steps))))
		for range 2 {
			if got := string(must(json.Marshal(r.Steps))); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
			}
		}
		if len(r.Steps) == 0 || !strings.Contains(want, r.Steps[0].Name()[:1]) {
			t.Errorf("%s: nothing to see in %s", name, want)
		}
	}
}

// A note that has no JSON is an error of the record, however deep it stands.
func TestARecordWithANoteThatHasNoJSONIsAnError(t *testing.T) {
	t.Parallel()
	r := must(must(weir.Compile(loop.Times("loop", 1, noted("inc", func(int) error { return nil }).With(strange{})), nil)).Execute(t.Context(), 1))
	if text, err := json.Marshal(r.Steps); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("%s, %v", text, err)
	}
}

// strange is a layer that notes what JSON cannot say.
type strange struct{}

func (strange) Name() string { return "strange" }

func (strange) Wrap(b *plan.Builder, next plan.Op) plan.Op {
	site := b.Site()
	return func(ctx context.Context, f plan.Frame, in any) (any, error) {
		f.Note(site, "odd", math.NaN())
		return next(ctx, f, in)
	}
}
