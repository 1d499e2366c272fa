package codec

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

const (
	// baseRoom and roomFactor bound what is built of bytes: a few bytes must not become a large value.
	baseRoom, roomFactor = 64 << 20, 32
)

// room is how much may be built of so many bytes.
func room(bytes int) int { return baseRoom + roomFactor*bytes }

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
