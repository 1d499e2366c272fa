package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

const (
	// maxName and maxNested bound the spelling of a type that bytes may name.
	maxName, maxNested = 4096, 16
	// maxArray is how many bytes an array of a type that bytes spell may have. Arrays of known types have no bound.
	maxArray = 64 << 10
	// maxMade is how many types a JSON makes because bytes spelled them. The runtime keeps types for good.
	maxMade = 10_000
)

var errUnknown = errors.New("the type is not known")

// tag spells a type.
func (c *JSON) tag(t reflect.Type) (string, error) {
	if name, ok := c.tags.Load(t); ok {
		return name.(string), nil
	}
	name, err := c.spell(t)
	if err != nil {
		return "", err
	}
	c.tags.Store(t, name)
	c.types.Store(name, t)
	return name, nil
}

func (c *JSON) spell(t reflect.Type) (string, error) {
	switch {
	case t == reflect.TypeFor[any]():
		return "any", nil
	case t.Name() != "" && t.PkgPath() == "":
		return t.Name(), nil // int, string, error …
	case t.Name() != "":
		return c.spellKnown(t)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return c.prefixed("*", t.Elem())
	case reflect.Slice:
		return c.prefixed("[]", t.Elem())
	case reflect.Array:
		return c.prefixed("["+strconv.Itoa(t.Len())+"]", t.Elem())
	case reflect.Map:
		key, err := c.tag(t.Key())
		if err != nil {
			return "", err
		}
		return c.prefixed("map["+key+"]", t.Elem())
	case reflect.Chan, reflect.Func:
		return "", noBytes(t)
	}
	return c.spellKnown(t)
}

func (c *JSON) prefixed(prefix string, t reflect.Type) (string, error) {
	name, err := c.tag(t)
	return prefix + name, err
}

// spellKnown spells a type that must be known.
func (c *JSON) spellKnown(t reflect.Type) (string, error) {
	name := fullName(t)
	switch known, ok := c.names()[name]; {
	case known == t:
		return name, nil
	case ok:
		return "", fmt.Errorf("several types are called %s, so that it cannot be told which one was meant; rename one", name)
	}
	return "", fmt.Errorf("%w: %s; register it with codec.New(codec.Of[%v]()) or With and give that as Config.Codec", errUnknown, name, t)
}

// fullName is the name of a type with the path of its package, or the spelling of one without a name.
func fullName(t reflect.Type) string {
	if t.Name() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

// noBytes is the error of a value that means something in one process only.
func noBytes(t reflect.Type) error {
	return fmt.Errorf("a %v means nothing outside of the process and cannot be encoded", t)
}

// names are the known types.
func (c *JSON) names() map[string]reflect.Type {
	c.once.Do(func() {
		c.known = map[string]reflect.Type{}
		seen := map[reflect.Type]bool{}
		for _, t := range []reflect.Type{
			Of[time.Time](), Of[time.Duration](), Of[time.Month](), Of[time.Weekday](), Of[json.Number](), Of[json.RawMessage](),
		} {
			seen[t], c.known[fullName(t)] = true, t
		}
		for _, t := range c.given {
			c.learn(t, seen)
		}
	})
	return c.known
}

// learn notes a type and those that stand in it.
func (c *JSON) learn(t reflect.Type, seen map[reflect.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	if t.PkgPath() != "" || t.Name() == "" {
		name := fullName(t)
		if _, taken := c.known[name]; taken {
			c.known[name] = nil
		} else {
			c.known[name] = t
		}
	}
	switch t.Kind() {
	case reflect.Map:
		c.learn(t.Key(), seen)
		c.learn(t.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		c.learn(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			c.learn(f.Type, seen)
		}
	}
}

// typeOf reads a spelling.
func (c *JSON) typeOf(name string) (reflect.Type, error) {
	if t, ok := c.types.Load(name); ok {
		return t.(reflect.Type), nil
	}
	if len(name) > maxName {
		return nil, errors.New("the name of its type is too long")
	}
	t, err := c.read(name, 0)
	if err != nil {
		return nil, err
	}
	c.types.Store(name, t)
	return t, nil
}

func (c *JSON) read(name string, nested int) (reflect.Type, error) {
	if t := basic(name); t != nil {
		return t, nil
	}
	if t, ok := c.names()[name]; ok {
		if t == nil {
			return nil, fmt.Errorf("several types are called %s", name)
		}
		return t, nil
	}
	if nested > maxNested {
		return nil, errors.New("the name of its type nests too deep")
	}
	if !strings.HasPrefix(name, "*") && !strings.HasPrefix(name, "[") && !strings.HasPrefix(name, "map[") {
		return nil, fmt.Errorf("%w: %.200q; register it with codec.New or With", errUnknown, name)
	}
	if c.made.Add(1) > maxMade {
		return nil, errors.New("too many types are spelled that were never registered")
	}
	if rest, ok := strings.CutPrefix(name, "*"); ok {
		t, err := c.read(rest, nested+1)
		if err != nil {
			return nil, err
		}
		return reflect.PointerTo(t), nil
	}
	if rest, ok := strings.CutPrefix(name, "map["); ok {
		return c.readMap(rest, nested+1)
	}
	return c.readList(name[1:], nested+1)
}

// readMap reads what follows "map[".
func (c *JSON) readMap(rest string, nested int) (reflect.Type, error) {
	at := closing(rest)
	if at < 0 {
		return nil, errUnknown
	}
	key, err := c.read(rest[:at], nested)
	if err != nil {
		return nil, err
	}
	elem, err := c.read(rest[at+1:], nested)
	if err != nil {
		return nil, err
	}
	if !key.Comparable() {
		return nil, fmt.Errorf("%v is no key of a map", key)
	}
	return reflect.MapOf(key, elem), nil
}

// readList reads what follows "[".
func (c *JSON) readList(rest string, nested int) (reflect.Type, error) {
	size, rest, ok := strings.Cut(rest, "]")
	if !ok {
		return nil, errUnknown
	}
	elem, err := c.read(rest, nested)
	if err != nil {
		return nil, err
	}
	if size == "" {
		return reflect.SliceOf(elem), nil
	}
	n, err := strconv.ParseUint(size, 10, 31)
	if err != nil || n > maxArray || int64(n)*int64(max(elem.Size(), 1)) > maxArray {
		return nil, fmt.Errorf("an array of %.20s is too large", size)
	}
	return reflect.ArrayOf(int(n), elem), nil
}

// closing finds the bracket that closes one which was opened before s, -1 for none.
func closing(s string) int {
	open := 1
	for i := range len(s) {
		switch s[i] {
		case '[':
			open++
		case ']':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// basic gives the types that Go itself names.
func basic(name string) reflect.Type {
	switch name {
	case "any":
		return Of[any]()
	case "error":
		return Of[error]()
	case "bool":
		return Of[bool]()
	case "string":
		return Of[string]()
	case "int":
		return Of[int]()
	case "int8":
		return Of[int8]()
	case "int16":
		return Of[int16]()
	case "int32":
		return Of[int32]()
	case "int64":
		return Of[int64]()
	case "uint":
		return Of[uint]()
	case "uint8":
		return Of[uint8]()
	case "uint16":
		return Of[uint16]()
	case "uint32":
		return Of[uint32]()
	case "uint64":
		return Of[uint64]()
	case "float32":
		return Of[float32]()
	case "float64":
		return Of[float64]()
	case "complex64":
		return Of[complex64]()
	case "complex128":
		return Of[complex128]()
	}
	return nil
}
