package cache

// heap holds entries, the one with the smallest mark first, each knowing its place. It is container/heap without the interface,
// which is called for each comparison.
type heap []*held

func (p heap) set(i int, h *held) { p[i], h.at = h, i }

func (p *heap) push(h *held) {
	*p = append(*p, h)
	h.at = len(*p) - 1
	p.up(h.at)
}

// remove takes an entry out, if it is in.
func (p *heap) remove(h *held) {
	if h.at < 0 {
		return
	}
	at, last := h.at, len(*p)-1
	moved := (*p)[last]
	(*p)[last] = nil
	*p = (*p)[:last]
	h.at = -1
	if at < last {
		p.set(at, moved)
		p.down(at)
		p.up(moved.at)
	}
}

func (p heap) up(i int) {
	h := p[i]
	for i > 0 {
		above := (i - 1) / 2
		if p[above].mark <= h.mark {
			break
		}
		p.set(i, p[above])
		i = above
	}
	p.set(i, h)
}

func (p heap) down(i int) {
	h := p[i]
	for {
		below := 2*i + 1
		if below >= len(p) {
			break
		}
		if below+1 < len(p) && p[below+1].mark < p[below].mark {
			below++
		}
		if h.mark <= p[below].mark {
			break
		}
		p.set(i, p[below])
		i = below
	}
	p.set(i, h)
}
