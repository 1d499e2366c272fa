//go:build unix

package bench

import "syscall"

// processTime is the CPU time that the process has used, its collector's and the system's for it included, in nanoseconds.
func processTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return wallTime()
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
