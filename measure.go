package weir

import "runtime/metrics"

// process is a reading of what the whole process has allocated and collected.
type process struct{ bytes, cycles uint64 }

// measure takes a reading.
func measure() process {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(s)
	return process{bytes: s[0].Value.Uint64(), cycles: s[1].Value.Uint64()}
}

// since is the difference to an earlier reading.
func (p process) since(q process) (bytes, cycles int64) {
	return int64(p.bytes - q.bytes), int64(p.cycles - q.cycles)
}
