// Package weir runs AI-agent workflows: pipelines of steps, compiled once to a plan and run many times.
//
// A pipeline is a value: Func makes a step of a function, Then and Chain put steps one after the other, and the packages
// under step/ hold the kinds that own other steps. With puts layers (retry, timeout, validate …) round a step. Compile turns a
// pipeline into a Plan, finding every mistake at once; a Plan runs it:
//
//	greet := weir.Func("greet", func(_ context.Context, name string) (string, error) { return "hello " + name, nil })
//	fmt.Println(weir.Do(ctx, greet, "ada")) // hello ada <nil>
package weir
