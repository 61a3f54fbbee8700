package catalog

import (
	"fmt"
	"strings"
)

// suggest names the nearest known word, or what else to do.
func suggest(word string, known []string, otherwise string) string {
	if near := Nearest(word, known); near != "" && near != word {
		return fmt.Sprintf("did you mean %q?", near) + imitations(word, near)
	}
	if len(known) == 0 {
		return otherwise
	}
	return otherwise + "; known are " + strings.Join(known, ", ")
}

// Nearest returns the known word at most two edits away from word, or "".
func Nearest(word string, known []string) string {
	best, bestDistance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < bestDistance && d < len(k) {
			best, bestDistance = k, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	return distance([]rune(a), []rune(b))
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
