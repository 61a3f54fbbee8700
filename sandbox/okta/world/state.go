package world

import (
	"time"

	"latchkey/sandbox/feed"
)

// State is what there is in the org. It is not safe for concurrent use: a World
// guards it.
type State struct {
	settings  Settings
	seq       int64
	People    []*LiveUser // in the order of their creation
	UserByID  map[string]*LiveUser
	logins    map[string]*LiveUser // by lower-cased login
	GroupByID map[string]*LiveGroup
	Rules     []*LiveRule
	AppByID   map[string]*LiveApp
	Log       []LogEvent
	feed      feed.Feed
}

// Now is the org's time.
func (s *State) Now() time.Time { return s.settings.Clock.Now().UTC() }

func (s *State) next() int64 {
	s.seq++
	return s.seq
}

// note tells whoever follows the org of a change.
func (s *State) note(kind, subject string) { s.feed.Add(s.Now(), kind, subject) }
