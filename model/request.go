package model

import (
	"encoding/json"
	"slices"

	"github.com/weirflow/weir/usage"
)

// Role says who speaks.
type Role string

// The roles of a conversation. The system's words are in Request.System; a system message later in the conversation is
// for providers that allow one.
const (
	RoleSystem    Role = "system"
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant"
	RoleTool      Role = "tool"
)

// Message is one turn of a conversation.
type Message struct {
	Role    Role   `json:"role"`
	Content string `json:"content"`
}

// Schema is the shape that the answer must have.
type Schema struct {
	// Name names the shape to the model: letters, digits, _ and -. A provider replaces what it does not take.
	Name string
	// JSON is a JSON Schema (2020-12). Its root should be an object: most providers take no other.
	JSON json.RawMessage
	// Strict asks the provider to hold the model to the schema while it writes. It does so where the schema allows it;
	// false: it only shows the schema to the model.
	Strict bool
}

// Tool is a function that the model may ask for. No provider sends tools yet: a request that has some is refused.
type Tool struct {
	// Name and Description say to the model what the tool is for.
	Name, Description string
	// Input is the JSON Schema of the arguments.
	Input json.RawMessage
}

// Request is one question to a model. A Model reads it and changes nothing.
type Request struct {
	// System is the system prompt; empty: none.
	System string
	// Messages are the conversation, oldest first.
	Messages []Message
	// Schema is the shape of the answer; nil: plain text.
	Schema *Schema
	// Tools are what the model may call; see Tool.
	Tools []Tool
	// Settings are sampling and provider settings; the zero value leaves all of them to the provider.
	Settings Settings
}

// Clone gives a copy that shares nothing that a caller might append to or replace.
func (r *Request) Clone() *Request {
	c := *r
	c.Messages = slices.Clone(r.Messages)
	c.Tools = slices.Clone(r.Tools)
	c.Settings = r.Settings.Clone()
	if r.Schema != nil {
		c.Schema = new(*r.Schema)
	}
	return &c
}

// The ways in which an answer ends: values of Response.Finish.
const (
	// FinishStop: the model had said everything.
	FinishStop = "stop"
	// FinishLength: the answer was cut at its greatest length.
	FinishLength = "length"
)

// Response is what a model answered.
type Response struct {
	// Text is the answer.
	Text string
	// Usage is what the call used. Its Cost is 0 where the model has no prices of its own; the step prices it then.
	Usage usage.Usage
	// Model is the model that answered, as the provider reports it: often more exact than what was asked for.
	Model string
	// Finish says how the answer ended: FinishStop, FinishLength, or the provider's own word.
	Finish string
	// ID is the provider's id of the answer, for its support and logs.
	ID string
}
