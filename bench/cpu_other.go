//go:build !unix

package bench

// processTime is time on the clock: this system does not tell a process's CPU time to the standard library.
func processTime() int64 { return wallTime() }
