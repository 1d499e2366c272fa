package blueprint

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

const (
	// maxNodes is how many values a document may have, aliases written out, and maxDepth how deep they may be nested. Text
	// counts as a value more for each textWeight bytes.
	maxNodes   = 200_000
	textWeight = 32
	maxDepth   = 100
	// maxSeparators bounds the work of the YAML reader before it begins.
	maxSeparators = 400_000
)

// parse reads the one document of a source. It gives nil, and notes why, when there is none to go on with.
func parse(s *source, p *problems) *node {
	s.check(p)
	if len(p.found) > 0 {
		return nil
	}
	var doc yaml.Node
	err := yaml.Load(s.text, &doc, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		p.syntax(err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		p.empty()
		return nil
	}
	b := &builder{problems: p, built: map[*yaml.Node]*node{}, open: map[*yaml.Node]bool{}}
	root := b.build(doc.Content[0])
	if b.broken {
		return nil
	}
	return root
}

// empty notes that there is no document.
func (p *problems) empty() {
	p.add(position{1, 1}, Error{Stage: Read, Text: "the file is empty", Hint: "a blueprint begins with version: 1"})
}

// syntax notes what the YAML reader says.
func (p *problems) syntax(err error) {
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		p.add(position{1, 1}, Error{Stage: Read, Text: "not YAML: " + err.Error()})
		return
	}
	at := position{e.Mark.Line, e.Mark.Column}
	if at.line < 1 {
		at = position{1, 1}
	}
	said := strings.TrimPrefix(e.Message, "yaml: ")
	hint := ""
	switch {
	case strings.Contains(said, "no documents"):
		p.empty()
		return
	case strings.Contains(said, "exceeded max depth"):
		p.add(at, Error{Stage: Read, Text: fmt.Sprintf("the document is nested more than %d deep", maxDepth)})
		return
	case strings.Contains(said, "found multiple"):
		p.add(p.source.lastDocument(), Error{Stage: Read, Text: "there are several documents in the file", Hint: "keep one, and put the others into files of their own"})
		return
	case strings.Contains(said, "cannot start any token") && strings.Contains(string(p.source.line(at.line)), "\t"):
		hint = "YAML is indented with spaces; there is a tab in this line"
	case strings.Contains(said, "mapping values are not allowed"):
		hint = "put text that holds a colon and a space in quotes, or mend the indentation"
	}
	if e.ContextMsg != "" {
		said = e.ContextMsg + " that begins at line " + fmt.Sprint(max(1, e.ContextMark.Line)) + ": " + said
	}
	p.add(at, Error{Stage: Read, Text: "not YAML: " + said, Hint: hint})
}

// builder turns the nodes of the YAML reader into ours.
type builder struct {
	*problems
	built map[*yaml.Node]*node
	// open are the nodes that are being built: an alias to one of them stands in itself.
	open map[*yaml.Node]bool
	// broken says that the document is too large to go on with.
	broken bool
}

func (b *builder) refuse(at position, hint, format string, args ...any) {
	b.add(at, Error{Stage: Read, Text: fmt.Sprintf(format, args...), Hint: hint})
}

// build gives our node for one of the reader's, always the same for the same.
func (b *builder) build(y *yaml.Node) *node {
	at := position{y.Line, y.Column}
	if y.Kind == yaml.AliasNode {
		return b.alias(y, at)
	}
	if n, ok := b.built[y]; ok {
		return n
	}
	n := &node{position: at, style: y.Style, size: 1, depth: 1}
	b.open[y] = true
	b.tag(y, at)
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			n.items = append(n.items, b.below(n, item, at))
		}
	case yaml.MappingNode:
		n.kind = mapNode
		b.mapping(n, y)
	default:
		b.scalar(n, y)
	}
	delete(b.open, y)
	b.built[y] = n
	return n
}

// alias gives what an alias names.
func (b *builder) alias(y *yaml.Node, at position) *node {
	if b.open[y.Alias] {
		b.broken = true
		b.refuse(at, "", "the alias *%s stands inside what it names, so the document has no end", visible(y.Value))
		return &node{position: at}
	}
	return b.build(y.Alias)
}

// below builds a part of n and counts it in.
func (b *builder) below(n *node, y *yaml.Node, at position) *node {
	if b.broken {
		return &node{position: at}
	}
	c := b.build(y)
	n.size += c.size
	n.depth = max(n.depth, c.depth+1)
	switch {
	case b.broken:
	case n.size > maxNodes:
		b.broken = true
		b.refuse(position{y.Line, y.Column}, "", "the document is too large: more than %d values, its aliases written out", maxNodes)
	case n.depth > maxDepth:
		b.broken = true
		b.refuse(position{y.Line, y.Column}, "", "the document is nested more than %d deep", maxDepth)
	}
	return c
}

func (b *builder) mapping(n *node, y *yaml.Node) {
	first := map[string]int{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		k := y.Content[i]
		at := position{k.Line, k.Column}
		for k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		value := b.below(n, y.Content[i+1], at)
		key, ok := b.key(k, at)
		if !ok {
			continue
		}
		if line, twice := first[key]; twice {
			b.refuse(at, "", "the key %s stands twice in one map, first in line %d", quoted(key), line)
			continue
		}
		first[key] = at.line
		n.entries = append(n.entries, entry{key: key, at: at, value: value})
	}
}

// key gives the text of a key: branches of a condition may be called true.
func (b *builder) key(k *yaml.Node, at position) (string, bool) {
	if k.Kind != yaml.ScalarNode {
		b.refuse(at, "", "a key must be text, not a list or a map")
		return "", false
	}
	if k.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return k.Value, true
	}
	if k.Value == "<<" {
		b.refuse(at, "use an alias for a whole value, or write the keys out", "merge keys (<<) are not part of YAML 1.2")
		return "", false
	}
	if kind, v, err := resolve(k.Value); err == nil && kind == boolNode {
		return fmt.Sprint(v), true
	}
	return k.Value, true
}

func (b *builder) scalar(n *node, y *yaml.Node) {
	n.text = y.Value
	n.size += len(y.Value) / textWeight
	quotes := y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if quotes || y.Style&yaml.TaggedStyle != 0 && y.ShortTag() == "!!str" {
		n.kind, n.value = textNode, y.Value
		return
	}
	var err error
	if n.kind, n.value, err = resolve(y.Value); err != nil {
		n.kind = badNode
		b.refuse(n.position, "", "%v", err)
	}
}

// tag refuses types that a document gives itself; !!str, which is a way to quote, is taken.
func (b *builder) tag(y *yaml.Node, at position) {
	if y.Style&yaml.TaggedStyle == 0 {
		return
	}
	switch y.ShortTag() {
	case "!!str", "!!map", "!!seq", "!":
	default:
		b.refuse(at, "leave it out; put text in quotes", "the tag %s means nothing here", quoted(y.Tag))
	}
}
