package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// maxInput is the most bytes of input that a run takes: 256 MiB.
const maxInput = 256 << 20

// inputFlags say what a run's input is.
type inputFlags struct {
	Stdin     string `arg:"" optional:"" name:"-" help:"A single dash: the input is the text on standard input." placeholder:"-"`
	Input     string `short:"i" help:"The input is the text of this file; - is standard input." placeholder:"FILE"`
	InputJSON string `name:"input-json" help:"The input is this JSON value." placeholder:"JSON"`
}

// value gives the input: text, a JSON value, or nil when none was given.
func (f *inputFlags) value(t terminal) (any, error) {
	given := 0
	for _, set := range []bool{f.Stdin != "", f.Input != "", f.InputJSON != ""} {
		if set {
			given++
		}
	}
	switch {
	case given > 1:
		return nil, wrongUsage("give one of --input, --input-json and -, not several")
	case f.Stdin != "" && f.Stdin != "-":
		return nil, wrongUsage("unexpected argument %q; the input is given with --input, --input-json or -", f.Stdin)
	case f.InputJSON != "":
		return decodeJSON(f.InputJSON)
	case f.Stdin == "-" || f.Input == "-":
		if isTerminal(t.in) {
			return nil, &usageError{errNoInput.Error()}
		}
		return text("standard input", t.in)
	case f.Input != "":
		file, err := os.Open(f.Input)
		if err != nil {
			return nil, wrongUsage("the input cannot be read: %v", err)
		}
		defer file.Close()
		return text(f.Input, file)
	}
	return nil, nil
}

// text reads input that must be UTF-8.
func text(name string, r io.Reader) (any, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err != nil {
		return nil, wrongUsage("the input cannot be read: %v", err)
	}
	if len(b) > maxInput {
		return nil, wrongUsage("%s is larger than the %d MiB that an input may be; let the pipeline read it with read_lines and a path", name, maxInput>>20)
	}
	if !utf8.Valid(b) {
		return nil, wrongUsage("%s: line %d is not valid UTF-8; convert the file first", name, invalidLine(b))
	}
	return string(b), nil
}

// invalidLine is the number of the first line that is not UTF-8.
func invalidLine(b []byte) int {
	n := 1
	for line := range bytes.Lines(b) {
		if !utf8.Valid(line) {
			return n
		}
		n++
	}
	return n
}

// decodeJSON reads a JSON value; integers stay integers.
func decodeJSON(source string) (any, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(source)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, wrongUsage("--input-json: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, wrongUsage("--input-json: there is more after the first value")
	}
	return plainNumbers(v)
}

// plainNumbers turns json.Number into int64 where it fits and float64 elsewhere.
func plainNumbers(v any) (any, error) {
	switch t := v.(type) {
	case json.Number:
		if n, err := t.Int64(); err == nil {
			return n, nil
		}
		f, err := t.Float64()
		if err != nil {
			return nil, fmt.Errorf("--input-json: the number %s is too large", t)
		}
		return f, nil
	case []any:
		for i := range t {
			var err error
			if t[i], err = plainNumbers(t[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range t {
			var err error
			if t[k], err = plainNumbers(t[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
