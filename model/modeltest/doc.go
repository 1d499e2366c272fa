// Package modeltest helps to test what asks a model, and what is one.
//
// Script is a model that answers in order, without a network: for tests of pipelines. NewOpenAI is an HTTP server on the
// loopback that speaks the wire format of OpenAI's Chat Completions, streams and faults included, and Exercise is the suite that every
// provider passes: for tests of providers. The package is meant for tests only.
package modeltest
