package plan

import "reflect"

// Site is the place of one written step in a plan. Immutable.
type Site struct {
	// Index numbers the sites of a program from 0 in written order, parents before children.
	Index int
	// End is one past the last site below this one.
	End int
	// Parent is the step that this one stands in; nil at the top.
	Parent *Site
	// Segment is what the site adds to its parent's path.
	Segment string
	// Name, Kind and Source are the step's.
	Name, Kind, Source string
	// Path is the path as written, without round numbers: polish/score.
	Path string
	// Indexed says that what is below runs by number.
	Indexed bool
	// Derived says that the step is a sequence without layers: its record is made from those of its children.
	Derived bool
	// Streams says that the step may tell its output in parts while it makes it; see Frame.Chunks.
	Streams bool
	// In and Out are the step's types; nil: any.
	In, Out reflect.Type
	// Layers are the names of the layers round the step, outermost first.
	Layers []string
	// Analysis is what Compile found out about the step.
	Analysis Analysis

	// step is what was written here, layers what stands round it after the passes: for those who explain the plan.
	step   *Step
	layers []Layer
}
