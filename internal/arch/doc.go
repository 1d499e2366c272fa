// Package arch keeps the rules of the house. It holds tests only.
//
// The rules are: which package may import which (directions_test.go, one table), what a program links, what a module may
// require, how long a file may be, which comments must stand, and which names and calls are not used. A failure names the
// file and line, the rule, and what to do. Each rule has a second test that shows it a breach, so that a rule that can no
// longer fail is noticed.
package arch
