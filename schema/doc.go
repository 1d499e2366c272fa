// Package schema judges JSON values by a JSON Schema (2020-12): the answers of models and of people, and what programs give in
// their place.
//
//	s, err := schema.For[Report]()      // as encoding/json writes the type
//	s, err := schema.Parse(raw)         // as somebody wrote it
//	err = s.Decode(text, &report)       // JSON text, bounded in size and depth
//	err = s.Convert(given, &report)     // a Report, a map[string]any, JSON text, a number of any type
//
// What does not match is told with everything that is wrong, each problem with its place: "items[2].name: …". A target of type
// any takes plain values: map[string]any, []any, string, int64, float64, bool, nil.
//
// A written schema may be anybody's. One that could make judging expensive or endless is refused when it is parsed: it is
// bounded in size and depth, and may not be recursive.
package schema
