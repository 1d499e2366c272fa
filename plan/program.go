package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
)

// Program is a compiled pipeline without its types: what an engine runs. It is immutable and shared by all runs.
type Program struct {
	// Main is the whole pipeline.
	Main *Block
	// Sites are all places in written order; a Site's Index is its position here.
	Sites []*Site
	// Hash is a digest of the pipeline as written, before passes: kinds, names, labels, layers and types.
	Hash string
	// In and Out are the types of the pipeline; nil: any.
	In, Out reflect.Type
	// Passes are the names of the passes that ran.
	Passes []string
	// MaxOutput is how many bytes one step may return; see Limits in the root package. 0: no limit.
	MaxOutput int64
	// Plain names the optimisations that were dropped; Twins are those among them that an engine asks for in each run.
	Plain map[string]bool
	Twins Twins
	// Frames is for the engine to keep what it reuses between runs of this program.
	Frames sync.Pool
	// Bounded, if it is set, is used in place of Frames. The engine that will run the program makes it.
	Bounded Pool
}

// Pool keeps what an engine reuses. It is safe for use by several goroutines.
type Pool interface {
	// Get gives what was put back, or makes one; Put takes it back, and may drop it.
	Get() any
	Put(v any)
}

// Twins says of which optimisations an engine runs the plain twins, by their names. The zero value: of none.
type Twins struct{ Cow, Pool, Spine, Crew, LazyCancel, Stack bool }

// twins reads the names once, when the plan is made.
func twins(dropped map[string]bool) Twins {
	return Twins{
		Cow: dropped["cow"], Pool: dropped["pool"], Spine: dropped["spine"], Crew: dropped["crew"], LazyCancel: dropped["lazycancel"],
		Stack: dropped["stack"],
	}
}

// Options say how a pipeline is built. The zero value builds it plainly.
type Options struct {
	// Passes run in this order.
	Passes []Pass
	// Kinds and Layers replace the builder of a kind or layer by name.
	Kinds  map[string]func(*Builder, Node) Op
	Layers map[string]func(*Builder, Layer, Op) Op
	// Components are what Component gives out, each under its own type.
	Components map[reflect.Type]any
	// Plain names the optimisations that are dropped; Build and the engine read it.
	Plain map[string]bool
	// MaxOutput goes to Program.MaxOutput.
	MaxOutput int64
	// Decide makes the decisions of a plan that keeps a journal; nil: it keeps none.
	Decide func(at *Site, name string) Decision
	// Instead puts round a step that Builder.Instead builds what a pass puts round those that have a place of their own; nil:
	// nothing. The step's layers are then those it will have, inner layers of its place included.
	Instead func(s *Step, a Analysis) *Step
}

// Build compiles a written step. Every mistake is in the error, joined, each with its path; the program is nil then.
func Build(s *Step, o Options) (*Program, error) {
	tree, sites, errs := Grow(s)
	b := &builds{kinds: o.Kinds, layers: o.Layers, components: o.Components, decide: o.Decide, instead: o.Instead, plain: o.Plain, limit: o.MaxOutput, sites: sites}
	if len(errs) > 0 {
		b.build(tree) // only to hear of the other mistakes
		return nil, errors.Join(append(errs, b.errs...)...)
	}
	p := &Program{Sites: sites, Hash: hash(tree), In: s.In, Out: s.Out, MaxOutput: o.MaxOutput, Plain: o.Plain, Twins: twins(o.Plain)}
	for _, pass := range o.Passes {
		tree = pass.Rewrite(tree)
		p.Passes = append(p.Passes, pass.Name())
	}
	settle(tree)
	if !b.plain[parking] {
		b.parked(tree)
	}
	p.Main = b.build(tree)
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	return p, nil
}

// hash digests the written tree.
func hash(t *Tree) string {
	h := sha256.New()
	io.WriteString(h, "weir plan 1\n")
	write(h, t, 0)
	return hex.EncodeToString(h.Sum(nil))
}

func write(w io.Writer, t *Tree, depth int) {
	if t.Step == nil || t.Step.Node == nil {
		return
	}
	segment := ""
	if t.Site != nil {
		segment = t.Site.Segment
	}
	fmt.Fprintf(w, "%d %q %q %v %v", depth, t.Step.Node.Kind(), segment, typeName(t.Step.In), typeName(t.Step.Out))
	for _, l := range t.Step.Layers {
		fmt.Fprintf(w, " %q", l.Name())
	}
	io.WriteString(w, "\n")
	for _, c := range t.Children {
		write(w, c, depth+1)
	}
}
