package blueprint

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir/blueprint/expr"
	"github.com/weirflow/weir/blueprint/internal/nearest"
	"github.com/weirflow/weir/spec"
	"github.com/weirflow/weir/state"
)

// path is a place in the document, as people write it: steps[2].retry.
type path string

func (p path) key(k string) path {
	if p == "" {
		return path(k)
	}
	return p + "." + path(k)
}

func (p path) index(i int) path { return p + "[" + path(strconv.Itoa(i)) + "]" }

// last is the last key of a path.
func (p path) last() string {
	s := string(p)
	return s[strings.LastIndexByte(s, '.')+1:]
}

// decoder fills Spec structs from nodes. It is for one blueprint and one goroutine.
type decoder struct {
	*problems
	options  Options
	kinds    []spec.Kind
	compiler *expr.Compiler
	fields   map[reflect.Type][]field
	agents   agents
	// declared is the section context, nil where there is none; state are its keys.
	declared *node
	state    []state.Value
	// scope is what expressions see of earlier steps.
	scope *scope
	// expressions counts what was compiled.
	expressions int
	// item and input say that an expression read the item of a map, the input of the pipeline.
	item, input bool
	// outside counts the expressions that read the run's state or earlier steps.
	outside int
}

// refuse notes that a value is not what its key takes: the blueprint cannot be read.
func (d *decoder) refuse(n *node, at path, hint, format string, args ...any) {
	d.add(n.position, Error{Stage: Read, Path: string(at), Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// wrong notes that a value is of the right type and makes no sense.
func (d *decoder) wrong(where position, at path, hint, format string, args ...any) {
	d.add(where, Error{Stage: Check, Path: string(at), Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// mismatch notes a value of the wrong type.
func (d *decoder) mismatch(n *node, at path, want string) {
	hint := ""
	if want == "text" && n.kind != listNode && n.kind != mapNode && n.kind != nullNode {
		hint = fmt.Sprintf("put it in quotes: %q", n.text)
	}
	d.refuse(n, at, hint, "%s must be %s, not %s", at.last(), want, n.describe())
}

// The types of Spec fields that mean something of their own.
var (
	stepType     = reflect.TypeFor[spec.Step]()
	branchesType = reflect.TypeFor[spec.Branches]()
	exprType     = reflect.TypeFor[spec.Expr]()
	valueType    = reflect.TypeFor[spec.Value]()
	funcType     = reflect.TypeFor[spec.Func]()
	durationType = reflect.TypeFor[time.Duration]()
	rawType      = reflect.TypeFor[*node]()
)

// decode fills v from a node.
func (d *decoder) decode(n *node, at path, v reflect.Value) {
	if n.kind == badNode {
		return // told when the document was read
	}
	switch v.Type() {
	case stepType:
		v.Set(reflect.ValueOf(spec.Step{Step: d.child(n, at, at.last())}))
	case branchesType:
		v.Set(reflect.ValueOf(d.branches(n, at)))
	case exprType:
		v.Set(reflect.ValueOf(d.expression(n, at)))
	case valueType:
		v.Set(reflect.ValueOf(d.template(n, at)))
	case funcType:
		v.Set(reflect.ValueOf(d.function(n, at)))
	case durationType:
		d.duration(n, at, v)
	case cachingType:
		d.caching(n, at, v)
	case rawType:
		v.Set(reflect.ValueOf(n))
	default:
		d.byKind(n, at, v)
	}
}

// byKind fills a value of an ordinary Go type.
func (d *decoder) byKind(n *node, at path, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if n.kind != textNode {
			d.mismatch(n, at, "text")
			return
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != boolNode {
			d.mismatch(n, at, "true or false")
			return
		}
		v.SetBool(n.value.(bool))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.integer(n, at, v)
	case reflect.Float32, reflect.Float64:
		d.float(n, at, v)
	case reflect.Slice:
		d.list(n, at, v)
	case reflect.Map:
		d.entries(n, at, v)
	case reflect.Struct:
		if s, ok := v.Addr().Interface().(spec.Short); ok && n.kind == textNode {
			n = &node{position: n.position, kind: mapNode, entries: []entry{{key: s.ShortKey(n.text), at: n.position, value: n}}}
		}
		d.object(n, at, at.last(), d.shapeOf(v.Addr().Interface()))
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		d.decode(n, at, to.Elem())
		v.Set(to)
	case reflect.Interface:
		if plain := n.plain(); plain != nil {
			v.Set(reflect.ValueOf(plain))
		}
	default:
		d.wrong(n.position, at, "", "the key %s cannot be given in a blueprint: its type in Go is %v", at.last(), v.Type())
	}
}

func (d *decoder) integer(n *node, at path, v reflect.Value) {
	if n.kind != intNode {
		d.mismatch(n, at, "a whole number")
		return
	}
	i := n.value.(int)
	switch {
	case v.CanInt() && !v.OverflowInt(int64(i)):
		v.SetInt(int64(i))
	case v.CanUint() && i >= 0 && !v.OverflowUint(uint64(i)):
		v.SetUint(uint64(i))
	default:
		d.refuse(n, at, "", "%s is out of range: %d", at.last(), i)
	}
}

func (d *decoder) float(n *node, at path, v reflect.Value) {
	switch n.kind {
	case intNode:
		v.SetFloat(float64(n.value.(int)))
	case floatNode:
		v.SetFloat(n.value.(float64))
	default:
		d.mismatch(n, at, "a number")
	}
}

// duration takes Go's spelling, or a number of seconds.
func (d *decoder) duration(n *node, at path, v reflect.Value) {
	const want = "a duration such as 30s, or a number of seconds"
	var seconds float64
	switch n.kind {
	case textNode:
		long, err := time.ParseDuration(n.text)
		if err != nil {
			d.mismatch(n, at, want)
			return
		}
		v.SetInt(int64(long))
		return
	case intNode:
		seconds = float64(n.value.(int))
	case floatNode:
		seconds = n.value.(float64)
	default:
		d.mismatch(n, at, want)
		return
	}
	long := seconds * float64(time.Second)
	if math.Abs(long) >= math.MaxInt64 {
		d.refuse(n, at, "", "%s is out of range: %s seconds", at.last(), n.text)
		return
	}
	v.SetInt(int64(long))
}

// list fills a slice. Where text or functions are listed, a single text is a list of it.
func (d *decoder) list(n *node, at path, v reflect.Value) {
	elem := v.Type().Elem()
	if n.kind == textNode && (elem.Kind() == reflect.String || elem == funcType) {
		n = &node{position: n.position, kind: listNode, items: []*node{n}}
	}
	if n.kind != listNode {
		d.mismatch(n, at, "a list")
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		d.decode(item, at.index(i), items.Index(i))
	}
	v.Set(items)
}

// entries fills a map with text for keys.
func (d *decoder) entries(n *node, at path, v reflect.Value) {
	if n.kind != mapNode {
		d.mismatch(n, at, "a map")
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), len(n.entries))
	for _, e := range n.entries {
		to := reflect.New(v.Type().Elem()).Elem()
		d.decode(e.value, at.key(e.key), to)
		m.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), to)
	}
	v.Set(m)
}

// object fills structs from a map; what names it in errors. Every key must be known, and what is required must be there.
func (d *decoder) object(n *node, at path, what string, shapes []shape) {
	if n.kind != mapNode {
		d.mismatch(n, at, "a map with the keys "+strings.Join(keys(shapes), ", "))
		return
	}
	for _, e := range n.entries {
		i := slices.IndexFunc(shapes, func(s shape) bool { return s.key == e.key })
		if i < 0 {
			d.unknownKey(e, at, what, keys(shapes))
			continue
		}
		d.decode(e.value, at.key(e.key), shapes[i].into)
		d.oneOf(e.value, at.key(e.key), shapes[i])
	}
	for _, s := range shapes {
		if s.required && n.get(s.key) == nil {
			d.add(n.position, Error{Stage: Read, Path: string(at), Text: fmt.Sprintf("%s needs the key %s", article(what), s.key), Hint: s.key + ": " + s.doc})
		}
	}
}

// oneOf checks a word against those that a key takes.
func (d *decoder) oneOf(n *node, at path, s shape) {
	if s.enum == nil || n.kind != textNode || s.into.Kind() != reflect.String || slices.Contains(s.enum, n.text) {
		return
	}
	hint := ""
	if near, ok := nearest.Name(n.text, s.enum); ok {
		hint = "did you mean " + near + "?"
	}
	d.wrong(n.position, at, hint, "%s is %s, not %s", s.key, strings.Join(s.enum, " or "), quoted(n.text))
}

// unknownKey notes a key that is not known in its place, or not yet.
func (d *decoder) unknownKey(e entry, at path, what string, known []string) {
	if later(what, e.key) {
		d.add(e.at, Error{Stage: Read, Path: string(at.key(e.key)), Text: fmt.Sprintf("the key %s is not supported yet by this version of weir", e.key)})
		return
	}
	hint := article(what) + " knows " + strings.Join(known, ", ")
	if near, ok := nearest.Name(e.key, known); ok {
		hint = "did you mean " + near + "?"
	}
	d.add(e.at, Error{Stage: Read, Path: string(at.key(e.key)), Text: fmt.Sprintf("unknown key %s", quoted(e.key)), Hint: hint})
}

// article puts "a" before the name of a thing: a step of kind loop; keys that hold a map stand for themselves.
func article(what string) string {
	if strings.HasPrefix(what, "step") || what == "blueprint" {
		return "a " + what
	}
	return what
}
