// Package nearest finds the name that a misspelt one was probably meant to be.
package nearest

import "strings"

// longest is the longest word, in bytes, that is compared: what is longer is no misspelt name.
const longest = 64

// Name gives the candidate that is most like word, and false when none is like it: more than a third of the letters
// differ. Case does not count, nor do - and _. Among equals the first wins. Costs O(len(word)·len(name)) a candidate.
func Name(word string, candidates []string) (string, bool) {
	if word == "" || len(word) > longest {
		return "", false
	}
	folded := fold(word)
	best, least := "", min(len(folded), (len(folded)+2)/3+1)
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		if d := distance(folded, fold(c)); d < least {
			best, least = c, d
		}
	}
	return best, best != ""
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a (the optimal string
// alignment distance: Damerau 1964).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
