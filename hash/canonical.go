package hash

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// Append appends the canonical form of v to b; see the package for which values have the same. On an error b is as it was.
// It is the plain twin of Encoder: a walk by reflection, as encoding/json and most Go code would make it.
func Append(b []byte, v any) ([]byte, error) {
	w := writer{b: b}
	if err := w.value(reflect.ValueOf(v)); err != nil {
		return b, formless(v, err)
	}
	return w.b, nil
}

// The tags that begin each part of the form. What follows a tag has a fixed length or says its own.
const (
	tagNil     = 'n'
	tagTrue    = 't'
	tagFalse   = 'f'
	tagWhole   = 'i' // 8 bytes, two's complement
	tagLarge   = 'u' // 8 bytes, a whole number from 1<<63
	tagFloat   = 'd' // 8 bytes, a number with a fraction, or too large for the two
	tagComplex = 'c' // two numbers
	tagText    = 's' // length, bytes
	tagBytes   = 'b' // length, bytes
	tagList    = 'l' // length, values
	tagMap     = 'm' // length, keys and values in the order of the keys' forms
	tagStruct  = 'r' // length, texts and values
	tagPointer = 'p' // a value
	tagNamed   = 'N' // text, a value
	tagTime    = 'z' // seconds, nanoseconds, offset, text
)

const (
	// maxDepth is how deep a value may nest.
	maxDepth = 1000
	// watchFrom is the depth from which cycles are looked for.
	watchFrom = 64
)

var (
	errDepth = fmt.Errorf("it nests deeper than %d", maxDepth)
	errCycle = errors.New("it leads back to itself")
	errNaN   = errors.New("it holds a number that is none (NaN), which equals nothing")
)

// writer writes one value.
type writer struct {
	b     []byte
	depth int
	open  map[reference]bool
}

func (w *writer) tag(c byte) { w.b = append(w.b, c) }

func (w *writer) number(n uint64) { w.b = binary.BigEndian.AppendUint64(w.b, n) }

func (w *writer) length(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) text(tag byte, s string) {
	w.tag(tag)
	w.length(len(s))
	w.b = append(w.b, s...)
}

// value writes v with its type, where that has a name.
func (w *writer) value(v reflect.Value) error {
	if !v.IsValid() {
		w.tag(tagNil)
		return nil
	}
	if w.depth++; w.depth > maxDepth {
		return errDepth
	}
	defer func() { w.depth-- }()
	t := v.Type()
	if t == reflect.TypeFor[time.Time]() {
		return w.time(v)
	}
	if t.PkgPath() != "" {
		w.text(tagNamed, t.PkgPath()+"."+t.Name())
	}
	return w.plain(v)
}

// plain writes v by its kind.
func (w *writer) plain(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		w.truth(v.Bool())
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.whole(v.Int())
		return nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.natural(v.Uint())
		return nil
	case reflect.Float32, reflect.Float64:
		return w.float(v.Float())
	case reflect.Complex64, reflect.Complex128:
		w.tag(tagComplex)
		return errors.Join(w.float(real(v.Complex())), w.float(imag(v.Complex())))
	case reflect.String:
		w.text(tagText, v.String())
		return nil
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		return w.reference(v)
	case reflect.Interface:
		return w.value(v.Elem())
	case reflect.Struct:
		return w.structure(v)
	}
	if v.Kind() != reflect.Uintptr && v.IsNil() {
		w.tag(tagNil)
		return nil
	}
	return fmt.Errorf("a %v means nothing outside of the process", v.Type())
}

func (w *writer) truth(is bool) {
	if is {
		w.tag(tagTrue)
	} else {
		w.tag(tagFalse)
	}
}

func (w *writer) whole(i int64) {
	w.tag(tagWhole)
	w.number(uint64(i))
}

func (w *writer) natural(u uint64) {
	if u <= math.MaxInt64 {
		w.whole(int64(u))
		return
	}
	w.tag(tagLarge)
	w.number(u)
}

// float writes a number as a whole one where it is one.
func (w *writer) float(f float64) error {
	switch {
	case math.IsNaN(f):
		return errNaN
	case f == math.Trunc(f) && f >= -(1<<63) && f < 1<<63:
		w.whole(int64(f))
	case f == math.Trunc(f) && f >= 1<<63 && f < 1<<64:
		w.natural(uint64(f))
	default:
		w.tag(tagFloat)
		w.number(math.Float64bits(f))
	}
	return nil
}
