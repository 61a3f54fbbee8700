package plan

import (
	"fmt"
	"strings"
)

// Text is the line in words: what it is about, what is said, and the first of those whom it concerns.
func (l Line) Text(names int) string {
	text := l.Says
	if l.About != "" {
		text = l.About + ": " + text
	}
	if who := l.whom(max(names, 0)); who != "" {
		text += " [" + who + "]"
	}
	return text
}

// whom names the first of those whom the line is about, and says how many there are.
func (l Line) whom(names int) string {
	shown := l.Who[:min(len(l.Who), names)]
	between, rest := ", ", max(l.Count, len(l.Who))-len(shown)
	if l.Count == 0 { // kinds of people, whose names are longer
		between = "; "
	}
	text := strings.Join(shown, between)
	switch {
	case len(l.Who) == 0:
		return ""
	case len(shown) == 0:
		return fmt.Sprint(rest)
	case rest > 0:
		text += fmt.Sprintf("%sand %d more", between, rest)
	}
	if l.Count > 1 {
		text = fmt.Sprintf("%d: %s", l.Count, text)
	}
	return text
}
