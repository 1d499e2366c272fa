// Package hash makes keys of values: Append writes a value in one canonical form, a Hasher digests it.
//
// The form does not depend on the process, on the order of a map's keys, or on where a value lies in memory. Two values have
// the same form when a step could not be expected to tell them apart:
//
//   - numbers without a type name are compared by value: int 1, uint8 1 and float64 1.0 are the same, since blueprints, JSON
//     and Go spell the same number in different ways; 0.1 and 1 are not, and -0 is 0
//   - slices, arrays and maps without a type name are compared by what they hold: []string{"a"} is []any{"a"}
//   - text is compared byte by byte; it is not normalised, and []byte is no text
//   - a type with a name counts, and so do its fields, those too that are not exported
//   - a nil slice, map or pointer is nil, and not an empty one; a pointer is not what it points to
//   - of a time.Time its instant, offset and zone count
//
// What has no form is an error: channels, functions, values that lead back to themselves, and NaN, which equals nothing. Whoever
// makes keys does without one then.
package hash
