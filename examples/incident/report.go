package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weirflow/weir/step/loop"
)

// Draft is what the model writes. Its JSON Schema is made from the type.
type Draft struct {
	Title   string   `json:"title" jsonschema:"one line"`
	Summary string   `json:"summary" jsonschema:"what happened, when, and how much, in a few sentences"`
	Actions []string `json:"actions" jsonschema:"what to do next, one sentence each"`
}

// Report is the whole of it.
type Report struct {
	Draft
	By       string   `json:"by"` // who wrote the draft
	Findings Findings `json:"findings"`
	Files    []string `json:"-"`
}

// brief is the question to the model: the findings, and what was wrong with the last draft.
func brief(_ context.Context, r loop.Round[Findings, Draft]) (string, error) {
	facts, err := json.MarshalIndent(r.Input, "", "  ")
	if err != nil {
		return "", err
	}
	question := "Write the summary of an incident report. The findings:\n" + string(facts)
	if r.Feedback != "" {
		question += fmt.Sprintf("\n\nYour last draft was:\n%s\n\nIt was refused: %s", r.Previous.Summary, r.Feedback)
	}
	return question, nil
}

func hasTitle(d Draft) error {
	if strings.TrimSpace(d.Title) == "" {
		return errors.New("the title is empty")
	}
	return nil
}

// review refuses a draft that leaves out what the report is about.
func review(ctx context.Context, d Draft) (loop.Verdict, error) {
	must := findings.View(ctx).MustName
	if strings.Contains(d.Summary, must) {
		return loop.Verdict{Done: true}, nil
	}
	return loop.Verdict{Feedback: "the summary must name " + must}, nil
}

// sign makes a report of a model's draft.
func sign(ctx context.Context, d Draft) (Report, error) {
	return Report{Draft: d, By: "a language model", Findings: findings.View(ctx)}, nil
}

// fromTemplate writes the summary without a model.
func fromTemplate(_ context.Context, f Findings) (Report, error) {
	d := Draft{Title: "Suspicious client " + f.MustName, Summary: fmt.Sprintf("%s. The log has %d requests; %d client(s) behave like attackers.",
		f.Headline, f.Requests, len(f.Suspicious))}
	if w := worst(f); w != nil {
		d.Title = "Outage of " + w.Path
		d.Actions = append(d.Actions, fmt.Sprintf("Find out what changed before %s on what serves %s.", w.Windows[0].From.Format(time.RFC3339), w.Path))
	}
	for _, c := range f.Suspicious {
		if c.LetIn > 0 && c.Refused > 0 {
			d.Actions = append(d.Actions, fmt.Sprintf("Reset the passwords of the accounts that %s got into (%d logins).", c.Address, c.LetIn))
		}
		d.Actions = append(d.Actions, fmt.Sprintf("Block %s or limit its rate.", c.Address))
	}
	if f.Severity == "normal" {
		d.Title, d.Actions = "No incident in this log", []string{"Nothing to do."}
	}
	return Report{Draft: d, By: "a template: no language model is configured, or it failed", Findings: f}, nil
}

// writer writes both reports into a folder.
func writer(folder string) func(context.Context, Report) (Report, error) {
	return func(_ context.Context, r Report) (Report, error) {
		facts, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return r, err
		}
		for name, content := range map[string]string{"report.md": markdown(r), "report.json": string(facts) + "\n"} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
				return r, err
			}
		}
		r.Files = []string{filepath.Join(folder, "report.md"), filepath.Join(folder, "report.json")}
		return r, nil
	}
}
