package codec

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

const (
	// baseRoom and roomFactor bound what is built of bytes: a few bytes must not become a large value.
	baseRoom, roomFactor = 64 << 20, 32
)

// top reads the whole value as a t.
func (d *decoder) top(t reflect.Type) (any, error) {
	if t == nil || d.tagged() {
		v, err := d.dynamic()
		if err == nil && t != nil {
			err = fits(v, t)
		}
		return v, err
	}
	to := reflect.New(t).Elem()
	if err := d.into(to); err != nil {
		return nil, err
	}
	return to.Interface(), nil
}

// fits says that v may stand where a t is asked for.
func fits(v any, t reflect.Type) error {
	if v == nil {
		switch t.Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
			return nil
		}
		return fmt.Errorf("it is null, and a %v is asked for", t)
	}
	if got := reflect.TypeOf(v); !got.AssignableTo(t) {
		return fmt.Errorf("it is a %v, and a %v is asked for", got, t)
	}
	return nil
}

// dynamic reads a value that says itself what it is.
func (d *decoder) dynamic() (any, error) {
	switch c := d.peek(); c {
	case 'n':
		d.skip()
		return nil, nil
	case 't', 'f':
		return string(d.skip()) == "true", nil
	case '"':
		return d.text()
	case '[':
		var list []any
		err := d.each(func(int) error {
			v, err := d.dynamic()
			list = append(list, v)
			return errors.Join(err, d.spend(16))
		})
		if list == nil {
			list = []any{}
		}
		return list, err
	case '{':
		if d.tagged() {
			return d.typed()
		}
		return d.plainMap()
	}
	return number(string(d.skip()))
}

// number reads a number: int64, or float64 where it has a point or an exponent.
func number(s string) (any, error) {
	if strings.ContainsAny(s, ".eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, fmt.Errorf("the number %.40s is out of range", s)
		}
		return f, nil
	}
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("the number %.40s is out of range", s)
	}
	return i, nil
}

func (d *decoder) plainMap() (any, error) {
	m := map[string]any{}
	err := d.object(func(key string) error {
		if key == tagKey {
			return errors.New(`the key "$" stands in a place where no type is named`)
		}
		if _, twice := m[key]; twice {
			return errTwice
		}
		v, err := d.dynamic()
		m[key] = v
		return errors.Join(err, d.spend(64))
	})
	return m, err
}

var errTwice = errors.New("the key stands there twice")

// typed reads {"$": type, "v": value}.
func (d *decoder) typed() (v any, err error) {
	var to reflect.Value
	keys := 0
	err = d.object(func(key string) error {
		keys++
		switch {
		case keys == 1:
			name, err := d.text()
			if err != nil {
				return err
			}
			t, err := d.c.typeOf(name)
			if err != nil {
				return err
			}
			if t.Kind() == reflect.Interface {
				return fmt.Errorf("no value is of type %v", t)
			}
			if err := d.spend(int(t.Size())); err != nil {
				return err
			}
			to = reflect.New(t).Elem()
			return nil
		case keys == 2 && key == valueKey:
			return d.into(to)
		}
		return errors.New("a value with its type has the keys $ and v and no others")
	})
	if err == nil && keys != 2 {
		err = errors.New("a value with its type has the keys $ and v")
	}
	if err != nil {
		return nil, err
	}
	return to.Interface(), nil
}

// into reads what body wrote for a value of v's type.
func (d *decoder) into(v reflect.Value) error {
	c := d.peek()
	switch v.Kind() {
	case reflect.Bool:
		if c != 't' && c != 'f' {
			return d.misplaced(v)
		}
		v.SetBool(string(d.skip()) == "true")
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(string(d.skip()), 10, v.Type().Bits())
		v.SetInt(i)
		return outOf(err, v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u, err := strconv.ParseUint(string(d.skip()), 10, v.Type().Bits())
		v.SetUint(u)
		return outOf(err, v)
	case reflect.Float32, reflect.Float64:
		f, err := d.float(v.Type().Bits())
		v.SetFloat(f)
		return outOf(err, v)
	case reflect.Complex64, reflect.Complex128:
		return d.complex(v)
	case reflect.String:
		return d.string(v)
	case reflect.Slice, reflect.Array:
		return d.items(v)
	case reflect.Map:
		return d.entries(v)
	case reflect.Pointer:
		return d.pointer(v)
	case reflect.Interface:
		return d.inside(v)
	case reflect.Struct:
		return d.structure(v)
	}
	if c != 'n' {
		return noBytes(v.Type())
	}
	d.skip()
	return nil
}

// misplaced is the error of a JSON value that does not stand for one of v's type.
func (d *decoder) misplaced(v reflect.Value) error {
	return fmt.Errorf("%.40s stands where a %v is", d.skip(), v.Type())
}

func outOf(err error, v reflect.Value) error {
	if err == nil {
		return nil
	}
	if n, ok := errors.AsType[*strconv.NumError](err); ok {
		return fmt.Errorf("%.40q is no %v", n.Num, v.Type())
	}
	return err
}

// float reads a number, or the name of one that JSON does not have.
func (d *decoder) float(bits int) (float64, error) {
	s := string(d.skip())
	switch s {
	case `"NaN"`, `"+Inf"`, `"-Inf"`:
		s = s[1 : len(s)-1]
	}
	return strconv.ParseFloat(s, bits)
}

func (d *decoder) complex(v reflect.Value) error {
	if d.peek() != '[' {
		return d.misplaced(v)
	}
	var parts [2]float64
	n := 0
	err := d.each(func(i int) (err error) {
		if n = i + 1; i < 2 {
			parts[i], err = d.float(v.Type().Bits() / 2)
			return outOf(err, v)
		}
		d.skip()
		return nil
	})
	if err == nil && n != 2 {
		err = fmt.Errorf("%d numbers stand where a %v is", n, v.Type())
	}
	v.SetComplex(complex(parts[0], parts[1]))
	return err
}

func (d *decoder) string(v reflect.Value) error {
	if d.peek() == '"' {
		s, err := d.text()
		v.SetString(s)
		return err
	}
	if d.peek() != '[' {
		return d.misplaced(v)
	}
	return d.only(func() error {
		data, err := d.binary()
		v.SetString(string(data))
		return err
	})
}

// only reads a list of one item.
func (d *decoder) only(item func() error) error {
	n := 0
	err := d.each(func(i int) error {
		if n = i + 1; i > 0 {
			d.skip()
			return nil
		}
		return item()
	})
	if err == nil && n != 1 {
		err = fmt.Errorf("%d items stand where there is one", n)
	}
	return err
}

// binary reads base64.
func (d *decoder) binary() ([]byte, error) {
	if d.peek() != '"' {
		return nil, fmt.Errorf("%.40s stands where base64 is", d.skip())
	}
	s, err := d.text()
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%.40q is no base64", s)
	}
	return data, nil
}

func (d *decoder) items(v reflect.Value) error {
	array := v.Kind() == reflect.Array
	elem := v.Type().Elem()
	switch c := d.peek(); {
	case c == 'n' && !array:
		d.skip()
		return nil
	case elem.Kind() == reflect.Uint8:
		data, err := d.binary()
		switch {
		case err != nil:
			return err
		case !array:
			v.SetBytes(data)
		case len(data) != v.Len():
			return fmt.Errorf("%d bytes stand where there are %d", len(data), v.Len())
		default:
			reflect.Copy(v, reflect.ValueOf(data).Convert(reflect.SliceOf(elem)))
		}
		return nil
	case c != '[':
		return d.misplaced(v)
	case array:
		return d.array(v)
	}
	list := reflect.MakeSlice(v.Type(), 0, 0)
	err := d.each(func(i int) error {
		if err := d.spend(int(elem.Size())); err != nil {
			return err
		}
		item := reflect.New(elem).Elem()
		err := d.into(item)
		list = reflect.Append(list, item)
		return err
	})
	v.Set(list)
	return err
}

func (d *decoder) array(v reflect.Value) error {
	n := 0
	err := d.each(func(i int) error {
		if n = i + 1; i < v.Len() {
			return d.into(v.Index(i))
		}
		d.skip()
		return nil
	})
	if err == nil && n != v.Len() {
		err = fmt.Errorf("%d items stand where there are %d", n, v.Len())
	}
	return err
}

func (d *decoder) entries(v reflect.Value) error {
	t := v.Type()
	switch c := d.peek(); {
	case c == 'n':
		d.skip()
		return nil
	case c == '{' && t.Key().Kind() == reflect.String:
		v.Set(reflect.MakeMap(t))
		return d.object(func(key string) error {
			k := reflect.New(t.Key()).Elem()
			k.SetString(key)
			return d.entry(v, k)
		})
	case c == '[':
		v.Set(reflect.MakeMap(t))
		return d.each(func(int) error { return d.pair(v) })
	}
	return d.misplaced(v)
}

// pair reads [key, value] into a map.
func (d *decoder) pair(v reflect.Value) error {
	if d.peek() != '[' {
		return d.misplaced(v)
	}
	k := reflect.New(v.Type().Key()).Elem()
	n := 0
	err := d.each(func(i int) error {
		n = i + 1
		switch i {
		case 0:
			if err := d.into(k); err != nil {
				return err
			}
			if !k.Comparable() || held(k) {
				return fmt.Errorf("a value of type %v is no key", k.Type())
			}
			return nil
		case 1:
			return d.entry(v, k)
		}
		d.skip()
		return nil
	})
	if err == nil && n != 2 {
		err = fmt.Errorf("%d items stand where there are a key and a value", n)
	}
	return err
}

// entry reads the value of a key.
func (d *decoder) entry(m, k reflect.Value) error {
	if m.MapIndex(k).IsValid() {
		return errTwice
	}
	t := m.Type()
	if err := d.spend(int(t.Key().Size() + t.Elem().Size())); err != nil {
		return err
	}
	value := reflect.New(t.Elem()).Elem()
	if err := d.into(value); err != nil {
		return err
	}
	m.SetMapIndex(k, value)
	return nil
}

func (d *decoder) pointer(v reflect.Value) error {
	c := d.peek()
	if c == 'n' {
		d.skip()
		return nil
	}
	elem := v.Type().Elem()
	if err := d.spend(int(elem.Size())); err != nil {
		return err
	}
	to := reflect.New(elem)
	v.Set(to.Convert(v.Type()))
	if !d.c.nullable(elem) {
		return d.into(to.Elem())
	}
	if c != '[' {
		return d.misplaced(v)
	}
	return d.only(func() error { return d.into(to.Elem()) })
}

func (d *decoder) inside(v reflect.Value) error {
	value, err := d.dynamic()
	if err != nil || value == nil {
		return err
	}
	if err := fits(value, v.Type()); err != nil {
		return err
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

func (d *decoder) structure(v reflect.Value) error {
	s := d.c.shapeOf(v.Type())
	switch s.by {
	case byTime:
		return d.time(v)
	case byFields:
		return d.fields(v, s)
	}
	return d.itself(v.Addr().Interface(), s.by)
}

// fields reads a struct. A field that is not there keeps its zero value; one that is not known is an error.
func (d *decoder) fields(v reflect.Value, s *shape) error {
	if d.peek() != '{' {
		return d.misplaced(v)
	}
	seen := map[string]bool{}
	return d.object(func(key string) error {
		for _, f := range s.fields {
			if f.name != key {
				continue
			}
			if seen[key] {
				return errTwice
			}
			seen[key] = true
			part := v.Field(f.index)
			if f.within {
				return d.fields(part, d.c.bare(part.Type()))
			}
			return d.into(part)
		}
		return fmt.Errorf("the type %v has no such field", v.Type())
	})
}

// itself reads a value by its own method. What that panics with is an error.
func (d *decoder) itself(v any, by way) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its method panicked: %v", p)
		}
	}()
	switch by {
	case byJSON:
		return v.(json.Unmarshaler).UnmarshalJSON(append([]byte(nil), d.skip()...))
	case byBinary:
		data, err := d.binary()
		if err != nil {
			return err
		}
		return v.(encoding.BinaryUnmarshaler).UnmarshalBinary(data)
	}
	var s string
	if err := d.string(reflect.ValueOf(&s).Elem()); err != nil {
		return err
	}
	return v.(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
}

func (d *decoder) time(v reflect.Value) error {
	if d.peek() == '"' {
		s, err := d.text()
		if err != nil {
			return err
		}
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return fmt.Errorf("%.40q is no time", s)
		}
		v.Set(reflect.ValueOf(t))
		return nil
	}
	var parts []int64
	if d.peek() != '[' {
		return d.misplaced(v)
	}
	err := d.each(func(int) error {
		i, err := strconv.ParseInt(string(d.skip()), 10, 64)
		if len(parts) < 4 {
			parts = append(parts, i)
		}
		return outOf(err, v)
	})
	if err != nil {
		return err
	}
	const day = 24 * 60 * 60
	if len(parts) != 3 || parts[1] < 0 || parts[1] > 999_999_999 || parts[2] < -10*day || parts[2] > 10*day {
		return errors.New("a time is seconds, nanoseconds and an offset in seconds")
	}
	t := time.Unix(parts[0], parts[1]).UTC()
	if parts[2] != 0 {
		t = t.In(time.FixedZone("", int(parts[2])))
	}
	v.Set(reflect.ValueOf(t))
	return nil
}
