package jira

import (
	"cmp"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/jira/world"
)

// Config describes the site. The zero value is a usable site.
type Config struct {
	// ProjectKey and ProjectName name the service project; "IT", "IT Help".
	ProjectKey, ProjectName string
	// DeskID, RequestTypeID and RequestTypeName identify the portal form;
	// "10", "25", "Access request".
	DeskID, RequestTypeID, RequestTypeName string
	// BotEmail, BotToken and BotName are the service account; the pair is
	// accepted as basic auth, the token alone as a bearer token.
	BotEmail, BotToken, BotName string
	// BotAdmin gives the bot global administration, which customer creation
	// needs.
	BotAdmin bool
	// BaseURL is the address people use. Empty means the address of the call.
	BaseURL string
	// OrgID and OrgKey are the Atlassian organization that the site belongs to and
	// the API key of its admins. Without a key nobody is let in there.
	OrgID, OrgKey string
	// CloudID is the site's id behind the /ex/jira/{cloudId} gateway path.
	CloudID string

	// Clock is the time the site lives by; the system's when nil.
	Clock clock.Clock
	// Logf receives one line for every refusal that points to a client bug.
	Logf func(string, ...any)
	// OnChange is called after every change, outside the site's lock.
	OnChange func()

	// SearchLag is how long a write stays invisible to JQL. Direct reads are
	// always consistent.
	SearchLag time.Duration
	// SearchFlap makes every n-th search forget its newest hit; 0 means never.
	SearchFlap int
	// WriteLimits enforces 20 writes per 2 s and 100 per 30 s on one issue.
	WriteLimits bool
	// BurstLimits enforces the per-endpoint token buckets of the vendor.
	BurstLimits bool
	// BadTokenAnonymous lets wrong credentials fall through to anonymous
	// access with X-Seraph-LoginReason instead of a 401.
	BadTokenAnonymous bool
	// NoRaiseOnBehalfOf forbids raising requests for others.
	NoRaiseOnBehalfOf bool

	// BareTransitions drops the properties and the history metadata that come with
	// a transition without a screen. Whether Jira does is not documented.
	BareTransitions bool

	// AllPublic makes every comment one that customers can read, whatever its
	// properties say, as on issues that are no requests.
	AllPublic bool

	// ChangelogDates says how bulk answers write when a change was made: "" as
	// everywhere else, "seconds" or "milliseconds" as numbers. The vendor's examples
	// show numbers, and don't say of what.
	ChangelogDates string

	// IssueComments is how many comments an issue is answered with among its fields; 0
	// means all. The vendor promises no number, and there is a call for the rest.
	IssueComments int

	// CommentsPerIssue is how many comments an issue takes; 0 means as many as the vendor
	// says, 5,000. More are answered with 413.
	CommentsPerIssue int

	// Workflow replaces [DefaultWorkflow] when it has statuses.
	Workflow world.Workflow
	// Fields adds custom fields or replaces built-in ones of the same id.
	Fields []world.Field
	// Resolutions replaces the default resolution names.
	Resolutions []string
}

func (c Config) withDefaults() Config {
	c.CommentsPerIssue = cmp.Or(c.CommentsPerIssue, 5000)
	c.ProjectKey = cmp.Or(c.ProjectKey, "IT")
	c.ProjectName = cmp.Or(c.ProjectName, "IT Help")
	c.DeskID = cmp.Or(c.DeskID, "10")
	c.RequestTypeID = cmp.Or(c.RequestTypeID, "25")
	c.RequestTypeName = cmp.Or(c.RequestTypeName, "Access request")
	c.BotEmail = cmp.Or(c.BotEmail, "latchkey@acme.example")
	c.BotToken = cmp.Or(c.BotToken, "demo-jira-token")
	c.BotName = cmp.Or(c.BotName, "Latchkey")
	c.OrgID = cmp.Or(c.OrgID, "5f0e2a1b-77aa-4c1e-9d3f-0a1b2c3d4e5f")
	c.CloudID = cmp.Or(c.CloudID, "11223344-a1b2-4c33-9444-def123456789")
	if c.Clock == nil {
		c.Clock = clock.System()
	}
	if c.Logf == nil {
		c.Logf = func(string, ...any) {}
	}
	if c.OnChange == nil {
		c.OnChange = func() {}
	}
	if len(c.Workflow.Statuses) == 0 {
		c.Workflow = world.DefaultWorkflow()
	}
	if len(c.Resolutions) == 0 {
		c.Resolutions = DefaultResolutions()
	}
	return c
}

// settings are what the world behind the API is made from.
func (c Config) settings() world.Settings {
	return world.Settings{
		ProjectKey: c.ProjectKey, ProjectName: c.ProjectName,
		Bot:   world.Account{Email: c.BotEmail, DisplayName: c.BotName, Token: c.BotToken, Admin: c.BotAdmin},
		Clock: c.Clock, OnChange: c.OnChange, SearchLag: c.SearchLag, SearchFlap: c.SearchFlap, BareTransitions: c.BareTransitions, AllPublic: c.AllPublic,
		Workflow: c.Workflow, Fields: c.Fields, Resolutions: c.Resolutions,
	}
}

// DefaultResolutions are those that a site has unless others are named.
func DefaultResolutions() []string {
	return []string{"Done", "Won't Do", "Duplicate", "Declined", "Canceled", "Granted", "Revoked", "Lapsed"}
}
