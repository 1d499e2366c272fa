// Package journal is the durable record of runs: what happened in each, one Record after the other, in a Store.
//
// A run that is resumed is run again from its root, and a Log answers from the records of its earlier parts whatever was
// finished then, by the key of each execution: steps that ended, decisions of users' code, answers of people. What has no
// record is run. So one mechanism serves a pause for a person, a crash, and reading a run that has ended.
//
// The package knows no engine and no step. Memory is the store in memory; package journaltest is the suite that every store
// passes.
package journal
