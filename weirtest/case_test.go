package weirtest

import "testing"

func TestACaseIsWrittenAsItWasRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"About it.\n\n-- a --\n1\n-- b --\n2\n3\n-- a --\n-- c --\nwithout an end",
		"", "only words\n", "-- a --\n", "-- a b --\n--\n -- no part\n",
	} {
		if got := parseCase("x.txt", text).text(); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
