package weir

// The goroutine of a run begins with the least stack that Go gives, 2 KiB, and one that was started needs more, for what it tells: Go then makes a
// larger one and takes the functions that stand on the first over, each of which it has to look up. Where none stand there yet that is done in a
// fifth of the time. The optimisation "stack" asks for the room at once; its plain twin, in the idiom of every go statement, lets the
// stack grow when it is too small.

// stackRoom is how much stack a run that was started needs, beyond what a goroutine begins with: growth doubles it.
const stackRoom = 1536

// room has a stack that is too small grow now. Without the optimisation it does nothing.
func room(plain bool) {
	if !plain {
		_ = roomy()
	}
}

// roomy needs the room.
//
//go:noinline
func roomy() byte {
	var b [stackRoom]byte
	return touched(&b)
}

//go:noinline
func touched(b *[stackRoom]byte) byte { return b[0] }
