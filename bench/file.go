package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// maxReport bounds what Load and Read take, in bytes: a report of every section has some 50 KB.
const maxReport = 16 << 20

// Load reads a report that Save wrote. The error tells the path.
func Load(path string) (*Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	defer f.Close()
	r, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return r, nil
}

// Read reads the JSON of one report, up to 16 MiB. Fields that it does not know are passed over, since later versions add some.
func Read(from io.Reader) (*Report, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxReport+1))
	if err != nil {
		return nil, fmt.Errorf("bench: reading a report: %w", err)
	}
	if len(text) > maxReport {
		return nil, fmt.Errorf("bench: a report of over %d bytes is none", maxReport)
	}
	r := &Report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("bench: this is no report: %w", err)
	}
	return r, nil
}

// Save writes the report as indented JSON, and replaces what the file held.
func (r *Report) Save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
