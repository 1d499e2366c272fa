package expr

import (
	"math"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// functions declares what blueprints have beyond CEL's own. Each has one overload over any type where it takes several, and
// says itself what it does not take, in plainer words than CEL's "no such overload".
func functions() []cel.EnvOption {
	opts := []cel.EnvOption{
		unary("len", cel.DynType, cel.IntType, length),
		unary("toJSON", cel.DynType, cel.StringType, toJSON),
		unary("fromJSON", cel.StringType, cel.DynType, fromJSON),
		unary("sum", cel.DynType, cel.DynType, sum),
		binary("contains", cel.DynType, cel.DynType, cel.BoolType, contains),
		binary("default", cel.DynType, cel.DynType, cel.DynType, orElse, cel.OverloadIsNonStrict()),
		unary("round", cel.DynType, cel.IntType, round),
		binary("round", cel.DynType, cel.IntType, cel.DoubleType, roundTo),
		unary("join", cel.DynType, cel.StringType, joinAll),
		binary("join", cel.DynType, cel.StringType, cel.StringType, join),
	}
	for name, f := range map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper, "trim": strings.TrimSpace} {
		opts = append(opts, unary(name, cel.StringType, cel.StringType, textFunction(f)))
	}
	return opts
}

func unary(name string, in, out *cel.Type, f func(ref.Val) ref.Val) cel.EnvOption {
	return cel.Function(name, cel.Overload("weir_"+name, []*cel.Type{in}, out, cel.UnaryBinding(f)))
}

func binary(name string, a, b, out *cel.Type, f func(a, b ref.Val) ref.Val, opts ...cel.OverloadOpt) cel.EnvOption {
	opts = append(opts, cel.BinaryBinding(f))
	return cel.Function(name, cel.Overload("weir_"+name+"_2", []*cel.Type{a, b}, out, opts...))
}

// textFunction is a function of text.
func textFunction(f func(string) string) func(ref.Val) ref.Val {
	return func(v ref.Val) ref.Val {
		s, ok := v.(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(v)
		}
		return types.String(f(string(s)))
	}
}

func length(v ref.Val) ref.Val {
	if s, ok := v.(traits.Sizer); ok {
		return s.Size()
	}
	return types.NewErr("len takes text, a list or a map, not %s", v.Type().TypeName())
}

func toJSON(v ref.Val) ref.Val {
	value, err := native(v)
	if err != nil {
		return types.NewErr("toJSON: %v", err)
	}
	text, err := appendJSON(nil, value, 0)
	if err != nil {
		return types.NewErr("toJSON: %v", err)
	}
	return types.String(text)
}

func fromJSON(v ref.Val) ref.Val {
	s, ok := v.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(v)
	}
	value, err := parseJSON([]byte(s))
	if err != nil {
		return types.NewErr("fromJSON: %v", err)
	}
	return newReader().NativeToValue(value)
}

// sum adds up whole numbers as such, and as doubles as soon as one of them is one.
func sum(v ref.Val) ref.Val {
	l, ok := v.(traits.Lister)
	if !ok {
		return types.NewErr("sum takes a list of numbers, not %s", v.Type().TypeName())
	}
	var total ref.Val = types.Int(0)
	for it := l.Iterator(); it.HasNext() == types.True; {
		switch n := it.Next().(type) {
		case types.Int:
			if f, ok := total.(types.Double); ok {
				total = f + types.Double(n)
			} else {
				total = total.(types.Int).Add(n)
			}
		case types.Double:
			if i, ok := total.(types.Int); ok {
				total = types.Double(i) + n
			} else {
				total = total.(types.Double) + n
			}
		default:
			return types.NewErr("sum takes a list of numbers; one entry is of type %s", n.Type().TypeName())
		}
		if types.IsError(total) {
			return total
		}
	}
	return total
}

func contains(in, what ref.Val) ref.Val {
	switch x := in.(type) {
	case types.String:
		s, ok := what.(types.String)
		if !ok {
			return types.NewErr("contains(text, y) looks for text, not %s", what.Type().TypeName())
		}
		return types.Bool(strings.Contains(string(x), string(s)))
	case traits.Container:
		return x.Contains(what)
	}
	return types.NewErr("contains takes text, a list or a map, not %s", in.Type().TypeName())
}

// orElse is default(x, y). It is the only function that is given errors: that a name or key is not there is why it is
// called. Every other error stays one.
func orElse(v, otherwise ref.Val) ref.Val {
	if e, ok := v.(*types.Err); ok && absent(e) {
		return otherwise
	}
	if v == types.NullValue {
		return otherwise
	}
	return v
}

func round(v ref.Val) ref.Val {
	f, err := number(v)
	if err != nil {
		return err
	}
	f = math.Round(f)
	if math.IsNaN(f) || f < math.MinInt64 || f >= math.MaxInt64 {
		return types.NewErr("round: %v is not in the range of whole numbers", f)
	}
	return types.Int(f)
}

func roundTo(v, digits ref.Val) ref.Val {
	f, err := number(v)
	if err != nil {
		return err
	}
	n, ok := digits.(types.Int)
	if !ok || n < 0 || n > 15 {
		return types.NewErr("round(x, digits) takes 0 to 15 digits")
	}
	scale := math.Pow10(int(n))
	if r := math.Round(f*scale) / scale; !math.IsInf(r, 0) && !math.IsNaN(r) {
		return types.Double(r)
	}
	return types.Double(f)
}

func number(v ref.Val) (float64, ref.Val) {
	switch n := v.(type) {
	case types.Int:
		return float64(n), nil
	case types.Double:
		return float64(n), nil
	}
	return 0, types.NewErr("round takes a number, not %s", v.Type().TypeName())
}

func joinAll(v ref.Val) ref.Val { return join(v, types.String("")) }

func join(v, separator ref.Val) ref.Val {
	l, ok := v.(traits.Lister)
	sep, isText := separator.(types.String)
	if !ok || !isText {
		return types.NewErr("join takes a list and text to put between its entries, not %s", v.Type().TypeName())
	}
	var b []byte
	first := true
	for it := l.Iterator(); it.HasNext() == types.True; first = false {
		if !first {
			b = append(b, sep...)
		}
		entry, err := native(it.Next())
		if err == nil {
			b, err = appendText(b, entry)
		}
		if err != nil {
			return types.NewErr("join: %v", err)
		}
	}
	return types.String(b)
}

// pricing says what the functions cost, where it is more than one unit: one for an entry looked at, one for ten bytes.
type pricing struct{}

// CallCost gives the cost of one call, nil to leave it to CEL.
func (pricing) CallCost(_, overload string, args []ref.Val, result ref.Val) *uint64 {
	name, ours := strings.CutPrefix(strings.TrimSuffix(overload, "_2"), "weir_")
	if !ours {
		return nil
	}
	units := uint64(1)
	switch name {
	case "default", "len", "round":
	default:
		for _, arg := range args {
			units += extent(arg)
		}
		units += extent(result)
	}
	return &units
}

// extent is what it costs to look at the whole of a value's top level.
func extent(v ref.Val) uint64 {
	switch x := v.(type) {
	case types.String:
		return uint64(len(x)) / 10
	case traits.Sizer:
		if n, ok := x.Size().(types.Int); ok {
			return uint64(n)
		}
	}
	return 0
}

// adapter is used where CEL turns a Go value outside any evaluation, which is for constants only.
type adapter struct{}

// NativeToValue gives a Go value as CEL sees it.
func (adapter) NativeToValue(v any) ref.Val {
	if cel, ok := v.(ref.Val); ok {
		return cel
	}
	return newReader().NativeToValue(v)
}

// Signatures lists the functions beyond CEL's own, as a reference page shows them.
func Signatures() []string {
	return []string{
		"len(x)", "contains(x, y)", "default(x, y)", "toJSON(x)", "fromJSON(text)", "sum(list)", "round(x[, digits])",
		"join(list[, separator])", "lower(text)", "upper(text)", "trim(text)",
	}
}

// functionNames are the words that may be called, for hints. CEL's own come first.
func functionNames() []string {
	own := []string{"size", "has", "all", "exists", "exists_one", "map", "filter", "matches", "startsWith", "endsWith",
		"int", "double", "string", "bool", "bytes", "type", "duration", "timestamp", "dyn", "uint"}
	for _, s := range Signatures() {
		name, _, _ := strings.Cut(s, "(")
		own = append(own, name)
	}
	return own
}
