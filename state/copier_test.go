package state

import "testing"

func TestACopierSharesNothingThatCanBeModified(t *testing.T) {
	t.Parallel()
	var c Copier
	from := map[string]any{"list": []any{1, map[string]any{"deep": "x"}}}
	to := c.Copy(from).(map[string]any)
	from["list"].([]any)[1].(map[string]any)["deep"] = "changed"
	if got := to["list"].([]any)[1].(map[string]any)["deep"]; got != "x" {
		t.Errorf("the copy holds %v, want x", got)
	}
	if c.Copy(nil) != nil || c.Copy("text") != "text" {
		t.Error("plain values are not given back as they are")
	}
}
