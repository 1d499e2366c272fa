package agent

import (
	"encoding/json"
	"iter"
	"strings"
)

const (
	// maxCandidates is how many JSON values in one text are judged, and maxTries how many brackets are tried as the
	// beginning of one.
	maxCandidates = 8
	maxTries      = 32
)

// candidates are the JSON values in what a model wrote, the likeliest first: the whole text, what stands between fences,
// and values that stand in prose.
func candidates(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		left := maxCandidates
		give := func(value string) bool {
			left--
			return yield([]byte(value)) && left > 0
		}
		text = strings.TrimSpace(text)
		if json.Valid([]byte(text)) {
			give(text)
			return
		}
		for block := range fenced(text) {
			if json.Valid([]byte(block)) && !give(block) {
				return
			}
		}
		for value := range embedded(text) {
			if !give(value) {
				return
			}
		}
	}
}

// fenced are the blocks between ``` and ```, without the word behind the first.
func fenced(text string) iter.Seq[string] {
	const fence = "```"
	return func(yield func(string) bool) {
		for {
			_, rest, ok := strings.Cut(text, fence)
			if !ok {
				return
			}
			block, after, ok := strings.Cut(rest, fence)
			if !ok {
				return
			}
			if first, lines, several := strings.Cut(block, "\n"); several && !strings.ContainsAny(first, "{[") {
				block = lines
			}
			if !yield(strings.TrimSpace(block)) {
				return
			}
			text = after
		}
	}
}

// embedded are the objects and lists that stand in a text.
func embedded(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range maxTries {
			i := strings.IndexAny(text, "{[")
			if i < 0 {
				return
			}
			text = text[i:]
			var value json.RawMessage
			if err := json.NewDecoder(strings.NewReader(text)).Decode(&value); err != nil {
				text = text[1:]
				continue
			}
			if !yield(string(value)) {
				return
			}
			text = text[len(value):]
		}
	}
}
