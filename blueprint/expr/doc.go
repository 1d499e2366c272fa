// Package expr compiles and evaluates the one language of blueprints: CEL (Common Expression Language, cel.dev) for
// expressions, and text with {{ expression }} in it for templates.
//
// # What an expression sees
//
//	previous_step   what went into the step
//	output          the last output: of a loop's body, of the step that a check looks at
//	context         the run's state, by key
//	steps           earlier steps by name: steps.fetch.output, steps.fetch.status
//	item, index     a map's item and its position from 0
//	iteration       how many rounds a loop has completed
//	input           what the pipeline was given
//
// A name that is not known where the expression stands, and a key that is not there, is an error that names it; has(x.y)
// asks first, default(x.y, z) gives z instead. There is no clock and nothing random: the same values give the same answer.
//
// # Functions beyond CEL's own
//
//	len(x)             letters of a text, entries of a list or map
//	contains(x, y)     y is in the text or list x, or is a key of the map x
//	default(x, y)      x, or y where x is missing or null
//	toJSON(x)          x as JSON text
//	fromJSON(text)     the value of JSON text
//	sum(list)          the sum of numbers
//	round(x[, digits]) x to the nearest whole number, or to that many digits; halves go away from zero
//	join(list[, sep])  the entries as one text
//	lower(s) upper(s) trim(s)
//
// # Bounds
//
// Expressions come from files that may be hostile, and so may the values they read. Each evaluation ends with its context,
// after CostLimit units of CEL's cost model, or when it has built values of more than BuildLimit elements; what it returns
// is at most OutputLimit bytes of text.
//
// Values are shared, never copied, on their way in: a list of 20,000 entries costs an evaluation nothing but what it reads.
package expr
