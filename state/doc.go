// Package state holds what the steps of one run share: named values with typed keys, branches that
// see one another's writes only when they are merged, and merges that report every conflict.
//
// # Keys and values
//
// A key is declared once, usually as a package variable, and is used with the context a step was given:
//
//	var severity = state.NewKey[int]("severity")
//
//	severity.Set(ctx, 3)
//	n := severity.Get(ctx)
//
// Names that only exist at run time (a blueprint's) go through Scope.Lookup and Scope.Store.
//
// # Who owns a value
//
// Go cannot see a write in place, so the rules are by method. Get gives a value that is yours. View
// shares the stored one, which must not be modified (a program built with -tags weirdebug checks).
// Set hands the value over. Only Set, Update and Delete are changes: editing what Get gave is seen by
// later Gets in the same scope, and by nobody else, and it is never merged.
//
// Get copies at most once per scope and value. It never copies what needs no copy: values without
// pointers, strings, times, and keys declared Immutable. It keeps by reference what must not be
// copied: functions, channels, errors, and anything with a Lock or Close method. The copy keeps
// sharing and cycles among pointers, maps and slices; it shares map keys, and it does not follow a
// pointer into the middle of another value.
//
// # Branches
//
// A [Scope] is an immutable map behind one atomic pointer: the persistent trie of Bagwell's "Ideal Hash
// Trees" (2001). Fork and Mark copy a pointer, Rollback stores one, and [Merge] compares two versions
// by walking only the parts that differ. What a write costs grows with the logarithm of the number of
// keys; what a merge costs grows with what changed.
package state
