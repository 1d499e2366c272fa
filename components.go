package weir

import (
	"log/slog"
	"reflect"
	"sync"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/hash"
	"github.com/weirflow/weir/layer/limit"
	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/state"
	"github.com/weirflow/weir/usage"
)

// components are what kinds and layers can ask the builder for: the objects of the Config, and defaults that the steps of one
// plan share, each the optimised one or its plain twin.
func components(c *Config, s *plan.Step, dropped map[string]bool) map[reflect.Type]any {
	m := map[reflect.Type]any{}
	if c.Models != nil {
		m[reflect.TypeFor[model.Registry]()] = c.Models
	}
	if c.Logger != nil {
		m[reflect.TypeFor[*slog.Logger]()] = c.Logger
	}
	m[reflect.TypeFor[[]state.Value]()] = c.State
	if len(c.State) > 0 {
		m[reflect.TypeFor[state.Declarations]()] = state.Declarations(c.State)
	}
	prices := c.Prices
	if prices == nil {
		prices = usage.DefaultPrices()
	}
	m[reflect.TypeFor[usage.Prices]()] = prices
	m[reflect.TypeFor[cache.Backend]()] = c.Cache
	if c.Cache == nil {
		m[reflect.TypeFor[cache.Backend]()] = memory(dropped)
	}
	m[reflect.TypeFor[hash.Hasher]()] = c.Hasher
	if c.Hasher == nil {
		m[reflect.TypeFor[hash.Hasher]()] = hash.SHA256{}
	}
	m[reflect.TypeFor[hash.Keying]()] = hash.Keying(hash.Plain)
	if !dropped[optKey] {
		m[reflect.TypeFor[hash.Keying]()] = hash.Keying(new(hash.Keys).At)
	}
	m[reflect.TypeFor[cache.FlightMaker]()] = flights(dropped)
	m[reflect.TypeFor[limit.Maker]()] = permits(dropped)
	m[reflect.TypeFor[codec.Codec]()] = c.Codec
	if c.Codec == nil {
		m[reflect.TypeFor[codec.Codec]()] = writing(dropped)(typesOf(nil, s, 0)...)
	}
	return m
}

// memory is the cache of a plan whose Config gives none.
func memory(dropped map[string]bool) cache.Backend {
	if dropped[optLookup] {
		plain, _ := cache.New(nil) // only a Config can be wrong
		return plain
	}
	lazy, _ := cache.NewLazy(nil)
	return lazy
}

// writing makes the codec of a plan whose Config gives none.
func writing(dropped map[string]bool) func(...reflect.Type) *codec.JSON {
	if dropped[optCodec] {
		return codec.Plain
	}
	return codec.New
}

// flights makes what lets one of several equal calls do the work. The places of a plan share one table, made for the first.
func flights(dropped map[string]bool) cache.FlightMaker {
	if dropped[optLookup] {
		return cache.LockedFlights
	}
	table := sync.OnceValue(cache.NewFlightTable)
	return func() *cache.Flights { return table().Flights() }
}

// permits makes the limiters that a Config does not give.
func permits(dropped map[string]bool) limit.Maker {
	if dropped[optLimiter] {
		return limit.Channel
	}
	return limit.Fast
}

// typesOf adds the types of a step and of those below it.
func typesOf(list []reflect.Type, s *plan.Step, depth int) []reflect.Type {
	if s == nil || s.Node == nil || depth > plan.MaxDepth {
		return list // Build reports it
	}
	list = append(list, s.In, s.Out)
	for _, c := range s.Node.Children() {
		list = typesOf(list, c.Step, depth+1)
	}
	return list
}
