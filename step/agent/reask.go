package agent

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/schema"
)

const (
	// maxProblems is how many things that are wrong are told, and maxProblem how long each may be: what a model wrote can
	// stand in them.
	maxProblems = schema.MaxProblems
	maxProblem  = 300
	// maxSentBack is how much of an answer goes back to the model, and maxExcerpt how much of it an error keeps.
	maxSentBack = 64 << 10
	maxExcerpt  = 500
)

// sendBack is the next turn of the conversation: the answer, and what is wrong with it. A plain one is text, not JSON.
func sendBack(text string, problems []string, plain bool) []model.Message {
	var b strings.Builder
	b.WriteString("That answer cannot be used:\n")
	for _, p := range told(problems) {
		fmt.Fprintf(&b, "- %s\n", p)
	}
	if plain {
		b.WriteString("Answer again, with everything that is right kept as it is.")
	} else {
		b.WriteString("Answer again with the whole JSON value and nothing else. Keep what is right as it is.")
	}
	return []model.Message{
		{Role: model.RoleAssistant, Content: excerpt(text, maxSentBack)},
		{Role: model.RoleUser, Content: b.String()},
	}
}

// told are the problems as they are told: not too many.
func told(problems []string) []string {
	if len(problems) <= maxProblems {
		return problems
	}
	return append(problems[:maxProblems:maxProblems], fmt.Sprintf("and %d more", len(problems)-maxProblems))
}

// oneLine is an error as one problem: on one line of bounded length.
func oneLine(err error) string {
	return excerpt(strings.Join(strings.Fields(err.Error()), " "), maxProblem)
}

// excerpt is the beginning of a text, cut between letters.
func excerpt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
