package weir

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/telemetry"
	"github.com/weirflow/weir/usage"
)

// odd is an error that cannot be compared.
type odd []string

func (odd) Error() string { return "odd" }

// happens makes a random event of a run of the program.
func happens(r *rand.Rand, p *plan.Program) telemetry.Event {
	types := append(shortTypes[:len(shortTypes):len(shortTypes)], telemetry.AgentChunk, telemetry.StepRetry, telemetry.StepProgress)
	e := telemetry.Event{Type: types[r.IntN(len(types))], Run: "run", At: time.Duration(r.Int64N(1e12)), Site: r.IntN(len(p.Sites)+1) - 1}
	if e.Site >= 0 {
		e.Path, e.Kind = p.Sites[e.Site].Path, p.Sites[e.Site].Kind
	}
	for range r.IntN(4) {
		switch r.IntN(9) {
		case 0:
			e.Elapsed = time.Duration(r.Int64N(1e12)) - 5e11
		case 1:
			e.Path = fmt.Sprintf("a[%d]/b", r.IntN(1000))
		case 2:
			failed := &plan.StepError{Path: e.Path, Kind: e.Kind, Attempt: 1, Code: plan.CodeTimeout, Err: errors.New("late")}
			e.Err, e.Error, e.Code, e.Attempt = failed, failed.Err.Error(), string(failed.Code), 1
		case 3:
			e.Err, e.Error, e.Code = odd{"a"}, "odd", "failed"
		case 4:
			e.Usage = usage.Usage{Requests: 1}
		case 5:
			e.Text = "some text"
		case 6:
			e.Replayed = true
		case 7:
			e.Run, e.Kind = "another", "?"
		case 8:
			e.Err = &plan.StepError{}
		}
	}
	return e
}

// alike compares events whose errors may not be comparable.
func alike(a, b telemetry.Event) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// filled gives a value of a type that is not its zero value.
func filled(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface:
		v.Set(reflect.ValueOf(errors.New("x")))
	case reflect.Struct:
		filled(t, v.Field(v.NumField()-1))
	default:
		t.Fatalf("a field is of type %v: say how it is filled", v.Type())
	}
}

func TestNoFieldOfAnEventIsLostOnTheTape(t *testing.T) {
	t.Parallel()
	step := Func("a", func(_ context.Context, n int) (int, error) { return n, nil })
	p, err := Compile(step, nil)
	if err != nil {
		t.Fatal(err)
	}
	own, of := &tape{}, origin{"run", p.program}
	at := &cursor{}
	failed := &plan.StepError{Path: "a", Kind: "func", Attempt: 1, Code: plan.CodeTimeout, Err: errors.New("late")}
	for _, e := range []telemetry.Event{
		{Type: telemetry.RunStarted, Run: "run", Site: -1},
		{Type: telemetry.StepStarted, Run: "run", Path: "a", Kind: "func"},
		{Type: telemetry.StepFailed, Run: "run", Path: "a", Kind: "func", Err: failed, Error: "late", Code: "timeout", Attempt: 1, Elapsed: 5},
	} {
		before := len(own.code)
		own.put(of, &e)
		if got := own.read(of, at); got != e || own.code[before] == asItIs && !p.program.Plain[optTape] {
			t.Errorf("%+v came back as %+v", e, got)
		}
		for i := range reflect.TypeFor[telemetry.Event]().NumField() {
			changed := e
			filled(t, reflect.ValueOf(&changed).Elem().Field(i))
			own.put(of, &changed)
			if got := own.read(of, at); got != changed {
				t.Errorf("%+v came back as %+v", changed, got)
			}
		}
	}
}

func TestEventsComeBackFromTheTapeAsTheyWere(t *testing.T) {
	t.Parallel()
	inner := Func("b", func(_ context.Context, n int) (int, error) { return n, nil })
	p, err := Compile(Then(inner.Named("a"), inner), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []map[string]bool{nil, {optTape: true}} {
		r := rand.New(rand.NewPCG(1, 2))
		program := &plan.Program{Sites: p.program.Sites, Plain: plain}
		l, of := &eventLog{}, origin{"run", program}
		var all []telemetry.Event
		read := &cursor{}
		var got []telemetry.Event
		for range 3 * eventLogSize {
			e := happens(r, p.program)
			l.add(of, &e)
			all = append(all, e)
			if r.IntN(100) == 0 {
				batch, _ := l.read(of, make([]telemetry.Event, 0, 64), read)
				got = append(got, batch...)
			}
		}
		if i := slices.IndexFunc(got, func(e telemetry.Event) bool { return e.Type == telemetry.EventsDropped }); i < 0 || !slices.EqualFunc(got[:i], all[:i], alike) {
			t.Errorf("a slow reader read %d events until it missed some, and not those that happened", i)
		}
		var last []telemetry.Event
		l.end()
		for e := range l.all(of) {
			last = append(last, e)
		}
		if last[0].Done != 2*eventLogSize || !slices.EqualFunc(last[1:], all[2*eventLogSize:], alike) {
			t.Errorf("of %d events %d were dropped and %d came back, and not the last of them", len(all), last[0].Done, len(last)-1)
		}
		if n := len(l.tape.code); n > 64*eventLogSize {
			t.Errorf("the tape has %d bytes", n)
		}
	}
}
