package bench

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// machine describes where this process runs.
func machine() Machine {
	m := Machine{
		Date: time.Now().UTC().Format(time.RFC3339), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		CPU: processor(), Cores: runtime.GOMAXPROCS(0),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			m.Revision = s.Value
		}
	}
	return m
}

// processor is the name of the CPU where the system tells it, or empty.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
