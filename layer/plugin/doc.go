// Package plugin is the layer that lets functions judge what a step returned, change it, or hand the work to another step.
//
// Plugins run once an attempt, those of higher priority first, each on what the ones before it left: the output of the step,
// after its output processors, or a replacement. The first that refuses the output ends the attempt with *Error, an ordinary
// failure, which a retry or a fallback answers. A plugin that fails or panics refuses it. What no handler may swallow
// (plan.Final), and the error of a plugin whose context has ended, is returned as it is. The output is returned beside the
// error.
//
// # Redirects
//
// A plugin may hand the work to one of its targets, which are functions and agents. The target gets the input that the step
// got and runs in its place: under the layers of the step that stand inside the plugins, each anew (its own timer), and
// under the target's own. Then all plugins judge what it returned. What it uses counts for the step, and so do its notes;
// "redirected_to" has the names of the targets that ran. A target that fails is the attempt's failure.
//
// Each target runs at most once an attempt, and the step's own work counts as run: a redirect to what has run already is a
// loop, an error with plan.CodeRedirect that no handler may swallow. Two targets are the same work when they hold the same node,
// whatever they are called.
package plugin
