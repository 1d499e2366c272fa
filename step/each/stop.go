package each

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/weirflow/weir/plan"
)

// begun is which items have begun, as long as that is kept. It holds as many numbers as items run at once.
type begun struct {
	top  int          // one past the highest number that has begun
	open map[int]bool // those below that have not ended by themselves: they run, were stopped, or have not begun
	over bool         // a failed item has ended the step
	past bool         // the items run again, and end as they did
}

// run runs the items. In a run that is resumed those that were stopped, since another had failed, end where they were stopped.
func (j *job) run(ctx context.Context, it *plan.Items) (err error) {
	if j.op.kept == nil {
		return j.frame.Each(ctx, it)
	}
	j.begun.open = map[int]bool{}
	live := func(ctx context.Context) any {
		in := it.In
		it.In = func(i int) any {
			j.entered(i)
			return in(i)
		}
		err = j.frame.Each(ctx, it)
		if err != nil && plan.CodeOf(err) != plan.CodePaused || !j.begun.over || len(j.begun.open) == 0 && it.Width <= 1 {
			return nil
		}
		return j.begun.text()
	}
	again := func(stopped any) {
		top, open, ok := parse(fmt.Sprint(stopped))
		if !ok || top > it.N {
			live(ctx)
			return
		}
		in := it.In
		j.begun.past = true
		it.N, it.Block = top, bygone(it.Block)
		it.In = func(i int) any { return &past{in: in(i), stopped: open[i]} }
		err = j.frame.Each(ctx, it)
	}
	if jerr := j.op.kept.Cut(ctx, j.frame, live, again); jerr != nil {
		return jerr
	}
	return err
}

// entered notes that an item begins.
func (j *job) entered(i int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for ; j.begun.top <= i; j.begun.top++ {
		j.begun.open[j.begun.top] = true
	}
}

// left notes that an item has ended; ends says that it ends the step. It says whether that stops the others now.
func (j *job) left(i int, err error, ends bool) (stop bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.begun.over && plan.CodeOf(err) != plan.CodePaused {
		delete(j.begun.open, i)
	}
	j.begun.over = j.begun.over || ends
	return ends && !j.begun.past
}

// text is what is kept, as every journal can hold it.
func (b *begun) text() string {
	var text strings.Builder
	text.WriteString(strconv.Itoa(b.top))
	for _, i := range slices.Sorted(maps.Keys(b.open)) {
		text.WriteString(" " + strconv.Itoa(i))
	}
	return text.String()
}

// parse reads what text wrote.
func parse(text string) (top int, open map[int]bool, ok bool) {
	open = map[int]bool{}
	for at, field := range strings.Fields(text) {
		i, err := strconv.Atoi(field)
		if err != nil || i < 0 {
			return 0, nil, false
		}
		if at == 0 {
			top, ok = i, true
		} else {
			open[i] = true
		}
	}
	return top, open, ok
}

// past is what goes into the body for an item that began in an earlier part of the run.
type past struct {
	in      any
	stopped bool
}

// bygone is a block that runs the body on what is in a past.
func bygone(body *plan.Block) *plan.Block {
	stopped := body.Bygone()
	op := func(ctx context.Context, f plan.Frame, in any) (any, error) {
		p := in.(*past)
		if p.stopped {
			return f.Do(ctx, stopped, -1, p.in)
		}
		return f.Do(ctx, body, -1, p.in)
	}
	return &plan.Block{Steps: []plan.Inst{{Op: op}}, Lo: body.Lo, Hi: body.Hi, Depth: body.Depth}
}
