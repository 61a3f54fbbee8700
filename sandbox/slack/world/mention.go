package world

import (
	"regexp"
	"strings"
)

var mention = regexp.MustCompile(`(^|\s)([@#])([\p{L}\d._-]+)`)

// EscapeMentions turns @name and #channel into ids, as should_escape does.
func (s *State) EscapeMentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(hit string) string {
		parts := mention.FindStringSubmatch(hit)
		name := strings.TrimRight(parts[3], ".")
		rest := parts[3][len(name):]
		if parts[2] == "@" {
			if u := s.FindUser(name); u != nil {
				return parts[1] + "<@" + u.ID + ">" + rest
			}
			return hit
		}
		if c := s.FindChannel(name); c != nil {
			return parts[1] + "<#" + c.ID + ">" + rest
		}
		return hit
	})
}
