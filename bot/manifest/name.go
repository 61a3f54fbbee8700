package manifest

// DefaultCommand is the slash command the bot listens to unless told otherwise.
const DefaultCommand = "/access"

// The shortcuts, by the names under which Slack tells of them. They stand in installed apps, so they are never changed.
const (
	ShortcutRequest   = "request_access"
	ShortcutOnMessage = "request_access_here" // on a message
	ShortcutLink      = "link_request"        // on a message
)

// What the shortcuts and the views behind them are called: 24 characters at most.
const (
	RequestTitle = "Request access"
	LinkTitle    = "Link to a request"
)
