package model

import "context"

// Chunk is a part of an answer, told while the model makes it.
type Chunk struct {
	// Text is what comes next in the answer, never empty. It is valid UTF-8 where the answer is: no part ends inside a letter.
	Text string
}

// Streamer is implemented by models that can give an answer in parts while they make it.
type Streamer interface {
	Model
	// Stream asks once, as Generate does, and gives the parts of the answer to take as they come, in order. The response is
	// whole: its text is that of all parts joined, its usage that of the call. A failure may come after some parts.
	//
	// An error of take, or the end of ctx, stops the provider at once; an error of take is returned as it is. Take is called by
	// one goroutine at a time and no more when Stream has returned. It may block: the provider's pace is then take's.
	Stream(ctx context.Context, r *Request, take func(Chunk) error) (*Response, error)
}
