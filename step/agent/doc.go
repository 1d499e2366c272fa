// Package agent is the kind of step that asks a language model.
//
//	write := agent.New[Summary]("write", agent.Spec[Findings]{Model: m, System: "You write incident reports.", Prompt: brief})
//
// A step whose output is a string gives the model's text. Any other output is structured: its JSON Schema is inferred from
// the Go type and sent with the request, the answer is found in what the model wrote, checked against the schema and
// decoded. An answer that does not pass is sent back once with everything that is wrong with it; see Spec.Reask.
//
// The step makes the call and nothing else: attempts, timeouts, limits and budgets are layers. Compile gives a step that asks
// a model two attempts when it has no retry of its own. Each call, also one whose answer did not pass, is reported as usage.
//
// The last step of a run tells its answer while the model makes it, when somebody takes it (weir.Plan.Stream,
// weir.Run.Events) and the model is a model.Streamer; the answer of another model is told at once when it is there. A
// structured answer is told as the JSON that it is. What was told stands: when the stream breaks off after the first part, the
// step fails and is not tried again. An answer that does not pass, or that a check refuses, has been told too; the answer to
// the next question is not. So it is the run's outcome, and not what was told, that says what the answer is. Steps at other
// places, and steps with a layer that needs the whole answer (see plan.Site.Streams), do not stream.
//
// What a model writes comes from outside: answers are bounded in size and depth, and schemas from blueprints too.
package agent
