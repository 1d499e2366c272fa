package model_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
)

func TestB031_UnsetIsNotZero(t *testing.T) {
	t.Parallel()
	var unset model.Settings
	if v, ok := unset.Temperature.Get(); ok {
		t.Errorf("an unset temperature is %v", v)
	}
	zero := model.Settings{Temperature: model.Set(0.0), Seed: model.Set[int64](0)}
	if v, ok := zero.Temperature.Get(); !ok || v != 0 {
		t.Errorf("a temperature of 0 is %v, %t", v, ok)
	}
	for s, want := range map[*model.Settings]string{&unset: `{}`, &zero: `{"temperature":0,"seed":0}`} {
		b, err := json.Marshal(s)
		if err != nil || string(b) != want {
			t.Errorf("JSON = %s, %v; want %s", b, err, want)
		}
		var back model.Settings
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, *s) {
			t.Errorf("read back %+v, %v; want %+v", back, err, *s)
		}
	}
}

func TestOptionalReadsNullAsAbsent(t *testing.T) {
	t.Parallel()
	o := model.Set(3)
	if err := json.Unmarshal([]byte("null"), &o); err != nil || !o.IsZero() {
		t.Errorf("null was read as %+v, %v", o, err)
	}
	if err := json.Unmarshal([]byte(`"x"`), &o); err == nil {
		t.Error("a text was read as a number")
	}
	if b, err := json.Marshal(model.Optional[int]{}); err != nil || string(b) != "null" {
		t.Errorf("absent is written %s, %v", b, err)
	}
}

func TestParseSettingsKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	got, err := model.ParseSettings(map[string]any{
		"temperature": 0, "top_p": 0.5, "top_k": uint8(40), "max_tokens": 100.0, "seed": int32(7), "stop": []any{"END"},
		"reasoning_effort": "low",
	})
	want := model.Settings{
		Temperature: model.Set(0.0), TopP: model.Set(0.5), TopK: model.Set[int64](40), MaxTokens: model.Set[int64](100),
		Seed: model.Set[int64](7), Stop: []string{"END"}, Extra: map[string]any{"reasoning_effort": "low"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("settings = %+v, %v; want %+v", got, err, want)
	}
	for _, stop := range []any{"END", []string{"END"}} {
		if got, err := model.ParseSettings(map[string]any{"stop": stop}); err != nil || !reflect.DeepEqual(got.Stop, []string{"END"}) {
			t.Errorf("stop %v gives %v, %v", stop, got.Stop, err)
		}
	}
}

func TestParseSettingsNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := model.ParseSettings(map[string]any{
		"temperature": "hot", "top_p": 1.5, "top_k": 1.5, "max_tokens": -1, "seed": uint64(math.MaxUint64), "stop": []any{1},
	})
	if plan.CodeOf(err) != plan.CodeConfig {
		t.Fatalf("err = %v, want one of code %s", err, plan.CodeConfig)
	}
	for _, part := range []string{
		"temperature: a number is needed, not string", "top_p is 1.5", "top_k: a whole number is needed, not 1.5",
		"max_tokens is -1", "seed: a whole number is needed", "stop: entry 0 must be a text, not int",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q:\n%v", part, err)
		}
	}
	for _, v := range []any{nil, "x", map[string]any{}} {
		for _, key := range []string{"temperature", "max_tokens", "stop"} {
			if _, err := model.ParseSettings(map[string]any{key: v}); err == nil && (key != "stop" || v != "x") {
				t.Errorf("%s: %v was taken", key, v)
			}
		}
	}
}

func TestValidateRefusesWhatIsNotANumber(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -0.1} {
		if err := (model.Settings{Temperature: model.Set(v)}).Validate(); err == nil {
			t.Errorf("a temperature of %v passes", v)
		}
		if err := (model.Settings{TopP: model.Set(v)}).Validate(); err == nil {
			t.Errorf("a top_p of %v passes", v)
		}
	}
	if err := (model.Settings{Temperature: model.Set(0.0), TopP: model.Set(1.0), MaxTokens: model.Set[int64](0)}).Validate(); err != nil {
		t.Errorf("good settings are refused: %v", err)
	}
}

func TestCloneIsItsOwn(t *testing.T) {
	t.Parallel()
	r := &model.Request{
		Messages: []model.Message{{Role: model.RoleUser, Content: "a"}},
		Schema:   &model.Schema{Name: "s"},
		Settings: model.Settings{Stop: []string{"x"}, Extra: map[string]any{"k": 1}},
	}
	c := r.Clone()
	c.Messages[0].Content, c.Schema.Name, c.Settings.Stop[0], c.Settings.Extra["k"] = "b", "t", "y", 2
	if r.Messages[0].Content != "a" || r.Schema.Name != "s" || r.Settings.Stop[0] != "x" || r.Settings.Extra["k"] != 1 {
		t.Errorf("the clone changed the request: %+v", r)
	}
}
