package ledger

import (
	"maps"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
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
	Erasures  Erasures                      // nil: nothing is written anew
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
	reports   Reports
	reported  map[string]Reported
}

// New makes the room.
func New(c Config) *Service {
	stories := requests{units: c.Units, query: c.Query, issues: c.Issues, sign: c.Sign, may: c.MayWrite, again: c.Again}
	writers := map[access.SubjectKind]Writer{access.SubjectRequest: stories}
	maps.Copy(writers, c.Writers)
	return &Service{units: c.Units, query: c.Query, sign: c.Sign, may: c.MayWrite, renewals: c.Renewals, writers: writers, stories: stories, erasures: c.Erasures, presence: c.Presence, gone: c.Gone, comments: c.Comments, delays: delays{stories, c.Delays}, incidents: c.Incidents, ends: endings{stories, c.Ends}, reports: c.Reports, reported: c.Reported}
}

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectOpenIssue: openIssue, access.EffectRecord: record}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		OpenTask: {Do: s.open}, RecordTask: {Do: s.record}, CommentTask: {Do: s.comment}, LateTask: {Do: s.delays.look}, TellTask: {Do: s.unlessGone(s.delays.tell)}, LinkTask: {Do: s.link}, EndTask: {Do: s.ends.tell},
		ReportTask: {Do: s.report, Payload: reportSchema()}, StateTask: {Do: s.unlessGone(s.state)}, RenewAllTask: {Do: s.renewAll}, RenewTask: {Do: s.unlessGone(s.renew)}, FirstTask: {Do: s.first},
		EraseTask: {Do: s.unlessGone(s.erase), Restarts: true, Timeout: eraseTimeout},
	}
}

// Purposes say what the tasks are for, by kind.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		OpenTask: always("open the Jira issue"), RecordTask: always("write into the Jira issue"), CommentTask: always("write a comment on the Jira issue"),
		LateTask: always("look whether access is there"), TellTask: always("write on the Jira issue that access takes its time"),
		LinkTask: always("link the incident's issue"), EndTask: always("say in a Jira issue of its own that the access ends"), ReportTask: reportOf,
		RenewAllTask: always("have the Jira issues signed anew"), RenewTask: always("sign what the Jira issue carries anew"),
		FirstTask: always("look whether the new Jira issue carries the signed state"),
		EraseTask: always("erase names and words from the Jira issue"),
		StateTask: always("write the signed state into the Jira issue"),
	}
}
