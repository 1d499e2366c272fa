package model_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

func TestErrorSaysWhoAndWhat(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]*model.Error{
		"openai: 429: slow down":    {Provider: "openai", Status: 429, Class: plan.ClassRateLimit, Text: "slow down"},
		"openai: network: no route": {Provider: "openai", Class: plan.ClassNetwork, Err: errors.New("no route")},
		"openai: gone":              {Provider: "openai", Text: "gone"},
		"the model failed":          {},
	} {
		if got := err.Error(); got != want {
			t.Errorf("text = %q, want %q", got, want)
		}
	}
}

func TestErrorIsReadThroughWrappers(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := fmt.Errorf("attempt 2: %w", &model.Error{Class: plan.ClassRateLimit, Wait: 3 * time.Second, Err: cause})
	if plan.CodeOf(err) != plan.CodeModel || plan.ClassOf(err) != plan.ClassRateLimit || plan.RetryAfter(err) != 3*time.Second {
		t.Errorf("code %s, class %s, wait %v", plan.CodeOf(err), plan.ClassOf(err), plan.RetryAfter(err))
	}
	if !errors.Is(err, cause) || plan.Final(err) {
		t.Error("the cause is lost, or the error cannot be handled")
	}
}

func TestModelsNamesThoseItKnows(t *testing.T) {
	t.Parallel()
	echo := model.Func(func(_ context.Context, r *model.Request) (*model.Response, error) {
		return &model.Response{Text: r.Messages[0].Content}, nil
	})
	models := model.Models{"local:b": echo, "local:a": echo, "gone": nil}
	m, err := models.Model("local:a")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := m.Generate(t.Context(), &model.Request{Messages: []model.Message{{Role: model.RoleUser, Content: "hi"}}})
	if err != nil || resp.Text != "hi" {
		t.Errorf("answer = %+v, %v", resp, err)
	}
	for _, name := range []string{"local:c", "gone"} {
		_, err = models.Model(name)
		if !errors.Is(err, plan.ErrMissingAgent) || !strings.Contains(err.Error(), name) || !strings.HasSuffix(err.Error(), "there are local:a, local:b") {
			t.Errorf("err = %v", err)
		}
	}
	if _, err := (model.Models)(nil).Model("x"); !errors.Is(err, plan.ErrMissingAgent) {
		t.Errorf("no models: err = %v", err)
	}
}

func TestUnknownBoundsItsText(t *testing.T) {
	t.Parallel()
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("local:model-%d", i)
	}
	if text := model.Unknown("x", names...).Error(); len(text) > 600 || !strings.Contains(text, "model-19") || strings.Contains(text, "model-20") {
		t.Errorf("text of %d bytes: %s", len(text), text)
	}
}
