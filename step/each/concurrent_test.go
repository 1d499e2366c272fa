package each_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/step/each"
)

// naps is a body that takes a second an item, or less when it is stopped.
func naps(ctx context.Context, n int) (int, error) {
	select {
	case <-time.After(time.Second):
		return n, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func TestWidthIsHowManyItemsRunAtOnce(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]time.Duration{0: 6, 1: 6, 2: 3, 4: 2, 6: 1, 99: 1} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			if _, err := weir.Do(t.Context(), each.Item("m", weir.Func("nap", naps), each.Width(width)), make([]int, 6)); err != nil {
				t.Error(err)
			}
			if took := time.Since(begun); took != want*time.Second {
				t.Errorf("six items of a second, %d at a time, took %v", width, took)
			}
		})
	}
}

func TestAFailedItemCancelsThoseThatRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
			switch n {
			case 1:
				<-time.After(time.Second)
				return 0, errBoom
			case 2:
				return n, nil
			}
			<-ctx.Done() // an ordinary failure because of the cancellation is none of the step's failures
			return 0, errors.New("interrupted")
		})
		begun := time.Now()
		r, err := execute(t, each.Item("m", body, each.Width(3)), []int{0, 1, 2, 3, 4})
		if took := time.Since(begun); took != time.Second {
			t.Errorf("it took %v", took)
		}
		if !errors.Is(err, errBoom) || path(err) != "m[1]/line" {
			t.Errorf("error %v", err)
		}
		if s := step(t, r); s.Note("failed") != 1 {
			t.Errorf("%v", s.Metadata())
		}
		equal(t, r.Output, 0, 0, 2, 0, 0)
	})
}

func TestOfSeveralFailuresTheLowestItemIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		body := weir.Func("line", func(_ context.Context, n int) (int, error) {
			<-gate
			return 0, fmt.Errorf("item %d: %w", n, errBoom)
		})
		go func() {
			synctest.Wait()
			close(gate)
		}()
		r, err := execute(t, each.Collect("m", body, each.Width(8)), []int{0, 1, 2, 3, 4, 5, 6, 7})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, fmt.Sprint(step(t, r).Note("first_error")), "m[0]/line")
		wants(t, fmt.Sprint(step(t, r).Note("last_error")), "m[7]/line")
	})
}

func TestB091_CancellationEndsEveryItem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		errEnough := errors.New("enough")
		var running, ended atomic.Int32
		body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
			running.Add(1)
			defer ended.Add(1)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		p, err := weir.Compile(each.Collect("m", body, each.Width(10)), nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			synctest.Wait()
			cancel(errEnough)
		}()
		r, err := p.Execute(ctx, make([]int, 1000))
		if !errors.Is(err, weir.ErrCanceled) || !errors.Is(err, errEnough) || r.Status != weir.Canceled {
			t.Errorf("error %v, status %v", err, r.Status)
		}
		if running.Load() != 10 || ended.Load() != 10 {
			t.Errorf("%d items began, %d ended; want 10", running.Load(), ended.Load())
		}
	}) // the bubble fails the test if a goroutine is left
}

// Not parallel: it counts goroutines. It uses real time, because it looks for moments at which an item would miss the signal.
func TestCancellationAtAnyMoment(t *testing.T) {
	body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
		select {
		case <-time.After(time.Duration(n) * 50 * time.Microsecond):
			return n, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})
	inner := each.Item("inner", body, each.Width(2))
	p, err := weir.Compile(each.Collect("m", inner, each.Width(3)), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := slices.Repeat([][]int{{1, 0, 2, 1}}, 1000) // longer than any cancellation
	before := runtime.NumGoroutine()
	late := make([]time.Duration, 1000)
	for i := range late {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan time.Time, 1)
		time.AfterFunc(rand.N(time.Millisecond), func() { ended <- time.Now(); cancel() })
		_, err := p.Run(ctx, in)
		late[i] = time.Since(<-ended)
		if !errors.Is(err, weir.ErrCanceled) {
			t.Fatalf("error %v", err)
		}
	}
	slices.Sort(late)
	if p99 := late[990]; p99 > 100*time.Millisecond {
		t.Errorf("99 of 100 cancelled runs return within %v", p99)
	}
	if after := settled(before); after > before {
		t.Errorf("%d goroutines are left of %d", after, before)
	}
}

// settled is the number of goroutines once those that have done their work are gone: one that has told so is still there
// for a moment, which is long on a busy machine.
func settled(want int) int {
	patience := time.After(10 * time.Second)
	for runtime.NumGoroutine() > want {
		select {
		case <-patience:
			return runtime.NumGoroutine()
		case <-time.After(time.Millisecond):
		}
	}
	return want
}

// Not parallel: it changes GOMAXPROCS.
func TestTheAnswerDoesNotDependOnTheNumberOfCores(t *testing.T) {
	body := weir.Func("line", func(ctx context.Context, n int) (int, error) {
		for range rand.N(5) {
			runtime.Gosched()
		}
		total.Set(ctx, n)
		return odd(ctx, n)
	})
	p, err := weir.Compile(each.Collect("m", body, each.Width(7)), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]int, 200)
	for i := range in {
		in[i] = i
	}
	want := ""
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(cores)
		for range 10 {
			r, err := p.Execute(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			sum, _ := total.From(r.State)
			got := fmt.Sprint(r.Output, sum, step(t, r).Metadata())
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("with %d cores %s\nwant %s", cores, got, want)
			}
		}
	}
}

func TestB118_RunsOfOneStepDoNotMixUp(t *testing.T) {
	t.Parallel()
	p, err := weir.Compile(each.Item("m", weir.Func("line", tenfold), each.Width(3)), nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong := make(chan error)
	const runs = 50
	for n := range runs {
		go func() {
			in, want := make([]int, n), make([]int, n)
			for i := range in {
				in[i], want[i] = n*1000+i, (n*1000+i)*10
			}
			out, err := p.Run(t.Context(), in)
			if err == nil && !slices.Equal(out, want) {
				err = fmt.Errorf("run %d got %v", n, out)
			}
			wrong <- err
		}()
	}
	for range runs {
		if err := <-wrong; err != nil {
			t.Error(err)
		}
	}
}
