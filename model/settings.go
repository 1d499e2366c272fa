package model

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"

	"github.com/weirflow/weir/plan"
)

// Settings say how a model answers. What is not set is not sent, so that the provider's default holds; zero is sent.
type Settings struct {
	// Temperature and TopP are sampling parameters: at least 0, TopP at most 1.
	Temperature Optional[float64] `json:"temperature,omitzero"`
	TopP        Optional[float64] `json:"top_p,omitzero"`
	// TopK bounds sampling to so many tokens; not every provider has it.
	TopK Optional[int64] `json:"top_k,omitzero"`
	// MaxTokens bounds the length of the answer, in tokens.
	MaxTokens Optional[int64] `json:"max_tokens,omitzero"`
	// Seed asks for the same answer to the same question, as far as the provider can.
	Seed Optional[int64] `json:"seed,omitzero"`
	// Stop ends the answer before any of these texts.
	Stop []string `json:"stop,omitzero"`
	// Extra are the provider's own settings, such as reasoning_effort, sent as they are.
	Extra map[string]any `json:"extra,omitzero"`
}

// Clone gives a copy with a Stop and an Extra of its own; the values in Extra are shared.
func (s Settings) Clone() Settings {
	s.Stop = slices.Clone(s.Stop)
	s.Extra = maps.Clone(s.Extra)
	return s
}

// Validate refuses numbers that no provider takes, all of them at once. The error has plan.CodeConfig.
func (s Settings) Validate() error {
	var errs []error
	refuse := func(key string, v any, want string) {
		errs = append(errs, plan.Errorf(plan.CodeConfig, "%s is %v; it must be %s", key, v, want))
	}
	if v, ok := s.Temperature.Get(); ok && (!(v >= 0) || math.IsInf(v, 0)) {
		refuse("temperature", v, "at least 0")
	}
	if v, ok := s.TopP.Get(); ok && !(v >= 0 && v <= 1) {
		refuse("top_p", v, "between 0 and 1")
	}
	if v, ok := s.TopK.Get(); ok && v < 0 {
		refuse("top_k", v, "at least 0")
	}
	if v, ok := s.MaxTokens.Get(); ok && v < 0 {
		refuse("max_tokens", v, "at least 0")
	}
	return errors.Join(errs...)
}

// ParseSettings reads settings as a blueprint writes them: temperature, top_p, top_k, max_tokens, seed and stop; every other
// key goes to Extra. Numbers may be of any Go type. Every mistake is in the error, which has plan.CodeConfig.
func ParseSettings(m map[string]any) (Settings, error) {
	var s Settings
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if err := s.parse(key, m[key]); err != nil {
			errs = append(errs, plan.Errorf(plan.CodeConfig, "%s: %w", key, err))
		}
	}
	if err := s.Validate(); err != nil {
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}

// parse sets one setting.
func (s *Settings) parse(key string, v any) (err error) {
	switch key {
	case "temperature":
		s.Temperature, err = decimal(v)
	case "top_p":
		s.TopP, err = decimal(v)
	case "top_k":
		s.TopK, err = whole(v)
	case "max_tokens":
		s.MaxTokens, err = whole(v)
	case "seed":
		s.Seed, err = whole(v)
	case "stop":
		s.Stop, err = texts(v)
	default:
		if s.Extra == nil {
			s.Extra = map[string]any{}
		}
		s.Extra[key] = v
	}
	return err
}

// decimal reads a number.
func decimal(v any) (Optional[float64], error) {
	r := reflect.ValueOf(v)
	switch {
	case r.IsValid() && r.CanFloat():
		return Set(r.Float()), nil
	case r.IsValid() && r.CanInt():
		return Set(float64(r.Int())), nil
	case r.IsValid() && r.CanUint():
		return Set(float64(r.Uint())), nil
	}
	return Optional[float64]{}, fmt.Errorf("a number is needed, not %s", plan.Describe(v))
}

// whole reads a whole number; one written with a point, such as 3.0, is whole too.
func whole(v any) (Optional[int64], error) {
	r := reflect.ValueOf(v)
	switch {
	case r.IsValid() && r.CanInt():
		return Set(r.Int()), nil
	case r.IsValid() && r.CanUint() && r.Uint() <= math.MaxInt64:
		return Set(int64(r.Uint())), nil
	case r.IsValid() && r.CanFloat() && r.Float() == math.Trunc(r.Float()) && math.Abs(r.Float()) < 1<<53:
		return Set(int64(r.Float())), nil
	case r.IsValid() && (r.CanFloat() || r.CanUint()):
		return Optional[int64]{}, fmt.Errorf("a whole number is needed, not %v", v)
	}
	return Optional[int64]{}, fmt.Errorf("a whole number is needed, not %s", plan.Describe(v))
}

// texts reads a text or a list of texts.
func texts(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case []string:
		return slices.Clone(v), nil
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("entry %d must be a text, not %s", i, plan.Describe(e))
			}
			out[i] = s
		}
		return out, nil
	}
	return nil, fmt.Errorf("a text or a list of texts is needed, not %s", plan.Describe(v))
}
