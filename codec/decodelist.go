package codec

import (
	"encoding/base64"
	"fmt"
	"reflect"
)

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
