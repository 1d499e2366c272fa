package bench

import "container/heap"

// bestHits is how many hits a cache of a size has at the most: one that knows the future and lets go what is asked for the latest, a new key
// included (Belady, "A Study of Replacement Algorithms for a Virtual-Storage Computer", 1966, with bypass).
func bestHits(keys []uint32, size int) (hits int) {
	next := make([]int, len(keys)) // when a key is asked for again
	last := map[uint32]int{}
	for i := len(keys) - 1; i >= 0; i-- {
		next[i] = len(keys)
		if j, ok := last[keys[i]]; ok {
			next[i] = j
		}
		last[keys[i]] = i
	}
	held := map[uint32]int{} // when it is asked for again
	var far uses
	for i, k := range keys {
		if _, ok := held[k]; ok {
			hits++
		}
		held[k] = next[i]
		heap.Push(&far, use{k, next[i]})
		for len(held) > size {
			u := heap.Pop(&far).(use)
			if held[u.key] == u.at { // else it is of before the key was asked for again
				delete(held, u.key)
			}
		}
	}
	return hits
}

// use is a key and when it is asked for next.
type use struct {
	key uint32
	at  int
}

// uses is a heap, the latest first.
type uses []use

func (u uses) Len() int           { return len(u) }
func (u uses) Less(i, j int) bool { return u[i].at > u[j].at }
func (u uses) Swap(i, j int)      { u[i], u[j] = u[j], u[i] }
func (u *uses) Push(v any)        { *u = append(*u, v.(use)) }
func (u *uses) Pop() any {
	old := *u
	v := old[len(old)-1]
	*u = old[:len(old)-1]
	return v
}
