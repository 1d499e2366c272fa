// Package cache is the layer that answers a step from an earlier success with the same input.
//
// A result is found under a key: the step's name, and a digest of the step's fingerprint (plan.Fingerprint: kind, model, prompt,
// settings, layers, children) and of its input. The run, its state and its context are not part of the key, so a step whose answer
// depends on them needs the option Key. A function is known by the name of its step: whoever changes what it does changes
// the name, or the option Version.
//
// Only successes are kept. Inside a loop or a state machine the layer does nothing, nor round one, nor round a step that waits for a
// person or holds one that does. What cannot be a key, or a backend that fails, is a warning and the step runs as if there were no
// cache. Callers that ask for the same result at the same time wait for the first one's.
//
// A hit gives a copy. The step's notes are those of the result, with cache_hit = true, and cached_usage, which tells what it
// used when it was made; nothing is charged again.
package cache
