package rest

import (
	"fmt"

	"latchkey/access"
)

// idlePages is how many pages of a list in a row may bring nothing new: things
// move between pages while they are read.
const idlePages = 3

// Pages watches a list while it is read page by page, and notices one that never
// ends: a page token that was given before, or pages that bring nothing new.
type Pages struct {
	What string // as in "list the request types of project IT", for the sentence

	tokens, seen map[string]bool
	idle         int
}

// Turn notes a page: the ids of what is on it, and the token of the next one; empty
// where pages are asked for by number. It fails when the list goes round in circles.
func (p *Pages) Turn(ids []string, next string) error {
	if p.seen == nil {
		p.seen, p.tokens = map[string]bool{}, map[string]bool{}
	}
	p.idle++
	for _, id := range ids {
		if !p.seen[id] {
			p.seen[id], p.idle = true, 0
		}
	}
	if p.idle > idlePages || next != "" && p.tokens[next] {
		return &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf(
			"Jira's answers never end when Latchkey wants to %s: the same comes again and again after %d entries. Look for a proxy that keeps answers; it will be tried again", p.What, len(p.seen))}
	}
	p.tokens[next] = true
	return nil
}
