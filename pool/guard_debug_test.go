//go:build weirdebug

package pool_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirflow/weir/pool"
)

// said gives what f panics with.
func said(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return
}

func TestAnObjectThatIsPutBackTwiceIsCaught(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{})
	v := p.Get()
	p.Put(v)
	if text := said(func() { p.Put(v) }); !strings.Contains(text, "*pool_test.thing was put back twice") {
		t.Errorf("said %s", text)
	}
	p.Put(p.Get()) // got again, it may be put back again
}

func TestAnObjectThatIsUsedAfterItWasPutBackIsPoisonedAndAWriteIsCaught(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(v *thing, list []int){
		"a number":           func(v *thing, _ []int) { v.n++ },
		"a pointer":          func(v *thing, _ []int) { v.next = v },
		"what a slice holds": func(_ *thing, list []int) { list[1] = 1 },
	} {
		p := pool.New(pool.Config[thing]{Reset: reuse})
		v := p.Get()
		v.n, v.list = 3, make([]int, 4)
		list := v.list
		p.Put(v)
		if v.n == 0 || v.n == 3 || !strings.Contains(v.text, "used after it was put back") || v.list != nil || list[0] == 0 {
			t.Errorf("%s: not poisoned: %+v, %v", name, *v, list)
		}
		write(v, list)
		if text := said(func() { p.Get() }); !strings.Contains(text, "modified after it was put back") {
			t.Errorf("%s: said %s", name, text)
		}
	}
}

func TestAWriteToAFreeObjectIsCaughtWhenThePoolDropsIt(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[thing]{})
	v := p.Get()
	p.Put(v)
	v.n = 1
	if text := said(func() { p.Trim() }); !strings.Contains(text, "modified") {
		t.Errorf("said %s", text)
	}
}

func TestObjectsWithoutASizeAreNotTakenForOneAnother(t *testing.T) {
	t.Parallel()
	p := pool.New(pool.Config[struct{}]{})
	p.Put(p.Get())
	p.Put(p.Get())
}
