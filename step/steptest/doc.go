// Package steptest holds Passes, the suite of what holds for every kind, and what the tests of kinds need besides. Authors of
// their own kinds use it too.
package steptest
