package weir

import (
	"encoding/json"
	"strconv"
)

// MarshalJSON gives the step's record as an object with the steps below it. The whole tree is written in one go: an encoder that asks each
// step for its own text reads that again at every level above it.
func (s StepResult) MarshalJSON() ([]byte, error) { return s.appendJSON(nil) }

func (s StepResult) appendJSON(b []byte) ([]byte, error) {
	r, err := s.record(), error(nil)
	b = appendText(append(b, `{"path":`...), s.Path())
	b = appendText(append(b, `,"kind":`...), s.Kind())
	b = appendText(append(b, `,"status":`...), r.Status.String())
	b = strconv.AppendUint(append(b, `,"count":`...), uint64(r.Count), 10)
	if r.Failures > 0 {
		b = strconv.AppendUint(append(b, `,"failures":`...), uint64(r.Failures), 10)
	}
	b = strconv.AppendInt(append(b, `,"attempts":`...), int64(s.attempts(r)), 10)
	b = strconv.AppendInt(append(b, `,"elapsed_ns":`...), r.Busy, 10)
	if u := s.Usage(); !u.IsZero() {
		if b, err = appendValue(append(b, `,"usage":`...), u); err != nil {
			return nil, err
		}
	}
	if failure := s.Err(); failure != nil {
		if text := failure.Error(); text != "" {
			b = appendText(append(b, `,"error":`...), text)
		}
	}
	if notes := s.Metadata(); len(notes) > 0 {
		if b, err = appendValue(append(b, `,"notes":`...), notes); err != nil {
			return nil, err
		}
	}
	if b, err = appendSteps(b, s.Steps()); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

// appendSteps adds the steps below, if there are any.
func appendSteps(b []byte, steps []StepResult) ([]byte, error) {
	if len(steps) == 0 {
		return b, nil
	}
	b = append(b, `,"steps":[`...)
	for i, s := range steps {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = s.appendJSON(b); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// appendText adds a text as encoding/json writes it.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, _ = appendValue(b, s) // a text has no error
			return b
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func appendValue(b []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(b, text...), err
}
