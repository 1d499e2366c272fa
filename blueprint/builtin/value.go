package builtin

import (
	"encoding/json"
	"math"

	"github.com/weirflow/weir/plan"
)

// describe names the sort of a value for messages.
func describe(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "true or false"
	case map[string]any:
		return "a map"
	case []any, []string, []map[string]any:
		return "a list"
	}
	if _, ok := toNumber(v); ok {
		return "a number"
	}
	return "a value of a sort that JSON does not have"
}

// toList takes a list in any of the forms that flow.
func toList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []string:
		return box(v), true
	case []map[string]any:
		return box(v), true
	}
	return nil, false
}

// box copies a typed list.
func box[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// number is a number of either sort. Whole numbers keep their 64 bits.
type number struct {
	whole   int64
	float   float64 // always set
	isWhole bool
}

// toNumber reads any Go number or json.Number. NaN and infinities are not numbers: JSON has none.
func toNumber(v any) (number, bool) {
	switch v := v.(type) {
	case int64:
		return wholeNumber(v), true
	case float64:
		return floatNumber(v)
	case int:
		return wholeNumber(int64(v)), true
	case int32:
		return wholeNumber(int64(v)), true
	case int16:
		return wholeNumber(int64(v)), true
	case int8:
		return wholeNumber(int64(v)), true
	case uint8:
		return wholeNumber(int64(v)), true
	case uint16:
		return wholeNumber(int64(v)), true
	case uint32:
		return wholeNumber(int64(v)), true
	case uint:
		return unsignedNumber(uint64(v)), true
	case uint64:
		return unsignedNumber(v), true
	case float32:
		return floatNumber(float64(v))
	case json.Number:
		n, err := jsonNumber(v)
		if err != nil {
			return number{}, false
		}
		return toNumber(n)
	}
	return number{}, false
}

func wholeNumber(n int64) number { return number{whole: n, float: float64(n), isWhole: true} }

func unsignedNumber(n uint64) number {
	if n <= math.MaxInt64 {
		return wholeNumber(int64(n))
	}
	return number{float: float64(n)}
}

func floatNumber(f float64) (number, bool) {
	return number{float: f}, !math.IsNaN(f) && !math.IsInf(f, 0)
}

// value gives it as what flows: int64 or float64.
func (n number) value() any {
	if n.isWhole {
		return n.whole
	}
	return n.float
}

// toText makes text of any value: text as it is, null as nothing, all else as JSON.
func toText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", nil
	case []byte:
		return string(v), nil
	}
	b, err := encodeJSON(v, "")
	return string(b), err
}

// badInput is the failure of a step whose input is of the wrong sort.
func badInput(function, want string, in any) error {
	return plan.Errorf(plan.CodeInput, "%s: the input is %s; it wants %s", function, describe(in), want)
}
