// Package plan holds what extenders implement and what engines read: nodes, ops, sites, layers, passes, frames.
//
// A written step is a Step: a name, a Node and the layers round it. Grow turns the written tree into a Tree, which gives
// every step its Site (path and record number) before any pass runs. Passes rewrite the Tree; Build turns it into Blocks,
// flat sequences of ops. A Program is the whole, immutable, and shared by all runs. An engine runs a Program and gives
// each op a Frame, the only way by which an op runs its children.
//
// The package imports the standard library only and knows no kind, no layer and no engine.
package plan
