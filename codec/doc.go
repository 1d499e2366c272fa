// Package codec turns the values that steps pass on into bytes and back, for stores that keep them outside of the process.
//
// JSON is the default. It is made for values whose types nobody declared, and so it writes the types down where JSON has none of
// its own: what comes out of Decode is what went into Encode.
//
//	nil, bool, string, []any, map[string]any   as JSON has them
//	int64                                      5
//	float64                                    5.0, always with a point or an exponent
//	any other type                             {"$":"int","v":5}, {"$":"[]string","v":["a"]}, {"$":"example.com/shop.Order","v":{…}}
//	a map that holds the key "$"               {"$":"map[string]any","v":{"$":…}}
//
// Types without a name of their own are spelled as in Go. Types with one must be known to the JSON that reads and writes
// them, by New or With; where they stand in fields, elements or behind pointers of such types they are known by that.
//
// A struct is written field by field, under the names of its fields in Go; tags for encoding/json do not matter. One that
// hides fields is written by its own MarshalJSON and UnmarshalJSON, MarshalText and UnmarshalText, or MarshalBinary and
// UnmarshalBinary. Without such a pair the hidden fields must hold nothing.
//
// What cannot come back is an error: channels, functions, hidden data, cycles. A value that stands in several places is
// written as often, and comes back as several. Of a time.Time the instant and the offset survive, not the name of the zone.
//
// New looks at each type once and keeps functions compiled for it; Plain does without them, and gives the same bytes, values and errors.
package codec
