package modeltest

// streamed says that a caller asks for the answer in parts.
func (openAI) streamed(s Seen) bool { return s.Body["stream"] == true }

// events are the data of the events that a streamed answer is told in: a chunk for each part, one that says how it ended, one
// with the usage when the caller asked for it, and the end (https://platform.openai.com/docs/api-reference/chat-streaming, read
// June 2026).
func (openAI) events(a Answer, s Seen) []any {
	if a.Fault == ErrorBody {
		return []any{openAI{}.success(a)}
	}
	delta := func(delta object, finish any) any {
		return chunk([]any{object{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": nil}}, nil)
	}
	list := []any{delta(object{"role": "assistant", "content": "", "refusal": nil}, nil)}
	finish := "stop"
	switch a.Fault {
	case Empty:
		return []any{chunk([]any{}, nil), done}
	case Cut:
		finish = "length"
	case FilteredAnswer:
		finish = "content_filter"
	case Refusal:
		list = append(list, delta(object{"refusal": "I cannot "}, nil), delta(object{"refusal": "help with that."}, nil))
		a.Text, a.Parts = "", nil
	}
	for _, part := range a.parts() {
		list = append(list, delta(object{"content": part}, nil))
	}
	list = append(list, delta(object{}, finish))
	options, _ := s.Body["stream_options"].(object)
	if options["include_usage"] == true && a.Fault != Unmetered {
		list = append(list, chunk([]any{}, tokens(a)))
	}
	return append(list, done)
}

// chunk is one event's data.
func chunk(choices []any, usage any) object {
	return object{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1750000000, "model": "test-model-2026-06-01",
		"choices": choices, "usage": usage,
	}
}
