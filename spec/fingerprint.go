package spec

import (
	"fmt"
	"reflect"
	"strings"
)

// Fingerprint describes what a Spec struct says, for plan.Fingerprinter: its tagged fields but for child steps, which the
// fingerprint of a step has by itself. Expressions, values and functions are described as they are written. S is the struct or
// a pointer to it.
func Fingerprint(s any) string {
	v := reflect.Indirect(reflect.ValueOf(s))
	var b strings.Builder
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("weir"), ",")
		if key == "" || key == "-" || !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		switch said := v.Field(i).Interface().(type) {
		case Step, Branches:
		case Expr:
			fmt.Fprintf(&b, "%s=%q ", key, said.Source)
		case Value:
			fmt.Fprintf(&b, "%s=%q ", key, fmt.Sprint(said.Source))
		case Func:
			fmt.Fprintf(&b, "%s=%q ", key, said.Name)
		default:
			fmt.Fprintf(&b, "%s=%q ", key, fmt.Sprint(said))
		}
	}
	return b.String()
}
