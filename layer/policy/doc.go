// Package policy is the layer that asks a policy whether a step may run: to deny it, or to give it another input, such as one
// from which personal data is taken out.
//
// weir.Config.Policy puts it round every step that asks a model, and round every such target of a plugin; By puts it round one
// step. It stands outside the retry and the cache: it is asked once a step, before anything is spent, and what is cached was
// decided on the replaced input.
//
// A denial is an error with plan.CodeDenied, which no handler may swallow: no retry, no fallback, no ignoring parallel. It
// ends the run. Whatever goes wrong with a policy denies: an error, a panic, a replacement of the wrong type. What no handler
// may swallow (plan.Final), and the error of a policy whose context has ended, is returned as it is.
package policy
