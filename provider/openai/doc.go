// Package openai asks models that speak OpenAI's Chat Completions: OpenAI itself, and every compatible endpoint, such as
// Ollama, vLLM, LM Studio, llama.cpp or OpenRouter.
//
// The wire is the official SDK's, with its own retries switched off: retries are the step's. The environment is read where
// Config and FromEnv say so and nowhere else.
package openai
