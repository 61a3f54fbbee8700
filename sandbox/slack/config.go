package slack

import (
	"slices"
	"time"

	"latchkey/sandbox/clock"
)

// Config describes the workspace, the installed app and how strict or hostile
// the emulator is. The zero value is a usable, strict workspace.
type Config struct {
	TeamID, TeamDomain, AppID, BotUserID, BotID string
	AppToken, BotToken                          string

	Scopes  []string // bot scopes granted at installation
	Events  []string // bot events subscribed to, e.g. "message.im"
	Command string   // slash command, default "/access"

	HomeTabOff     bool // views.publish answers not_enabled
	MessagesTabOff bool // direct messages answer messages_tab_disabled
	PlainSlashText bool // manifest says should_escape: false

	Clock    clock.Clock
	Logf     func(format string, args ...any)
	OnChange func() // called, without locks held, after each visible change and each violation

	AckTimeout   time.Duration   // default 3 s
	TriggerLife  time.Duration   // default 3 s, counted from the moment the envelope is built
	PingInterval time.Duration   // default 5 s
	DrainTime    time.Duration   // a socket told to go away is cut after this, default 10 s
	SocketLife   time.Duration   // refresh each socket after this; 0 = never
	EventRetries []time.Duration // waits before each retry of an unacknowledged event; default 0, 1 min, 5 min
	MaxSockets   int             // default 10

	NoUserGroups      bool          // the plan has none
	BlockTextLimit    int           // characters of text in all blocks of a message, default 10 000
	LimitPosts        bool          // 1 message per second and channel
	LimitTiers        bool          // per-method limits of the published tiers
	AcceptForeignAcks bool          // an acknowledgement may come on another socket than its envelope
	EchoOwnMessages   bool          // the app's own direct messages come back to it as message events
	EmptyStateAsList  bool          // an empty state.values is sent as [] instead of {}
	EmptyFieldsAsList bool          // user_change carries profile.fields as [] instead of {}
	LateShares        time.Duration // files appear in their channel only after this
	DisabledUserError string        // conversations.open on a deactivated user, default user_disabled
}

func (c Config) withDefaults() Config {
	fill(&c.TeamID, "T0LATCHKEY")
	fill(&c.TeamDomain, "acme")
	fill(&c.AppID, "A0LATCHKEY")
	fill(&c.BotUserID, "U0LATCHKEY")
	fill(&c.BotID, "B0LATCHKEY")
	fill(&c.AppToken, "xapp-1-A0LATCHKEY-1000000000001-demo")
	fill(&c.BotToken, "xoxb-1000000000001-1000000000002-demo")
	fill(&c.Command, "/access")
	fill(&c.DisabledUserError, "user_disabled")
	fill(&c.AckTimeout, 3*time.Second)
	fill(&c.TriggerLife, 3*time.Second)
	fill(&c.PingInterval, 5*time.Second)
	fill(&c.DrainTime, 10*time.Second)
	fill(&c.MaxSockets, 10)
	fill(&c.BlockTextLimit, 10000)
	if c.Scopes == nil {
		c.Scopes = defaultScopes()
	}
	if c.Events == nil {
		c.Events = []string{"app_home_opened", "app_mention", "message.im", "user_change", "team_join"}
	}
	if c.EventRetries == nil {
		c.EventRetries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if c.Clock == nil {
		c.Clock = clock.System()
	}
	if c.Logf == nil {
		c.Logf = func(string, ...any) {}
	}
	if c.OnChange == nil {
		c.OnChange = func() {}
	}
	return c
}

func defaultScopes() []string {
	return []string{
		"commands", "chat:write", "chat:write.public", "im:write", "im:history",
		"users:read", "users:read.email", "usergroups:read", "channels:read", "channels:join", "groups:read",
		"channels:history", "groups:history", "app_mentions:read", "files:write", "tokens.basic",
	}
}

func (c Config) granted(scope string) bool { return slices.Contains(c.Scopes, scope) }

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
