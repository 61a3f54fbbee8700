package ledger

import (
	"maps"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// Config is what the room is made of.
type Config struct {
	Units    *engine.Units
	Query    *query.Service
	Issues   Issues
	Sign     evidence.Sign                    // signs the record; nil: there is no key, and nothing is written
	MayWrite func() error                     // why no story may be written into Jira now; nil: nothing ever speaks against it
	Renewals Renewals                         // nil: nothing is signed anew before it changes
	Presence Presence                         // nil: an issue that can't be written to is never taken for gone
	Gone     func(*engine.Unit, string) error // tells people that the issue of a request isn't there any more
	// Again tells people that another issue tells a request's story from now on. nil: nobody.
	Again     func(u *engine.Unit, r access.Request, was access.Issue) error
	Comments  Comments                      // nil: nothing is written but the stories of requests
	Delays    Delays                        // nil: nobody is told that something takes its time
	Incidents Incidents                     // nil: incidents are only named
	Ends      Ends                          // nil: what is closed has no other issue say how it ended
	Reopens   Reopens                       // nil: nothing is opened again
	Erasures  Erasures                      // nil: nothing is written anew
	Standings Standings                     // nil: nothing is moved but what belongs to requests
	Reports   Reports                       // nil: there are no issues but those of requests
	Reported  map[string]Reported           // what follows when the issue of a report exists, by name
	Writers   map[access.SubjectKind]Writer // of nouns that other rooms know
}

// Service carries the record's tasks out. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	query     *query.Service
	may       func() error // nil: stories may always be written
	sign      evidence.Sign
	renewals  Renewals
	writers   map[access.SubjectKind]Writer
	stories   requests
	erasures  Erasures
	presence  Presence
	gone      func(*engine.Unit, string) error
	comments  Comments
	delays    delays
	incidents Incidents
	ends      endings
	reopens   Reopens
	standings Standings
	reports   Reports
	reported  map[string]Reported
}

// New makes the room.
func New(c Config) *Service {
	stories := requests{units: c.Units, query: c.Query, issues: c.Issues, sign: c.Sign, may: c.MayWrite, again: c.Again}
	writers := map[access.SubjectKind]Writer{access.SubjectRequest: stories}
	maps.Copy(writers, c.Writers)
	after := map[string]Reported{ThenFollow: followReport}
	maps.Copy(after, c.Reported)
	return &Service{units: c.Units, query: c.Query, sign: c.Sign, may: c.MayWrite, renewals: c.Renewals, writers: writers, stories: stories, erasures: c.Erasures, presence: c.Presence, gone: c.Gone, comments: c.Comments, delays: delays{stories, c.Delays}, incidents: c.Incidents, ends: endings{stories, c.Ends}, reopens: c.Reopens, standings: c.Standings, reports: c.Reports, reported: after}
}
