package codec

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

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
