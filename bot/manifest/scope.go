package manifest

import (
	"maps"
	"slices"
)

// methods says which scopes each Web API method the bot calls needs
// (docs.slack.dev/reference/methods, "Bot token" of each page).
func methods() map[string][]string {
	return map[string][]string{
		"auth.test":             nil,
		"chat.postEphemeral":    {"chat:write"},
		"chat.postMessage":      {"chat:write"},
		"chat.update":           {"chat:write"},
		"conversations.history": {"im:history", "channels:history", "groups:history"},
		"conversations.info":    {"channels:read", "groups:read"},
		"conversations.join":    {"channels:join"},
		"conversations.list":    {"channels:read", "groups:read"},
		"conversations.replies": {"im:history", "channels:history", "groups:history"},
		"conversations.open":    {"im:write"},

		"files.completeUploadExternal": {"files:write"}, // the weekly report's chart
		"files.getUploadURLExternal":   {"files:write"},

		"migration.exchange":    {"tokens.basic"},
		"pins.add":              {"pins:write"},
		"pins.remove":           {"pins:write"},
		"usergroups.list":       {"usergroups:read"},
		"usergroups.users.list": {"usergroups:read"},
		"users.list":            {"users:read", "users:read.email"},
		"users.info":            {"users:read", "users:read.email"},
		"users.lookupByEmail":   {"users:read.email"},
		"views.open":            nil,
		"views.publish":         nil,
		"views.push":            nil,
		"views.update":          nil,
	}
}

// events says what each event the bot listens to needs.
func events() map[string][]string {
	return map[string][]string{
		"app_home_opened":  nil,
		"message.channels": {"channels:history"}, // answers in the threads of cards
		"message.groups":   {"groups:history"},
		"message.im":       {"im:history"},
		"user_change":      {"users:read"},
	}
}

// Scopes are the bot scopes the manifest asks for: one for commands and shortcuts, and those of every method that is
// called and every event that is listened to.
func Scopes() []string {
	out := []string{"commands"}
	for _, needs := range []map[string][]string{methods(), events()} {
		for _, s := range needs {
			out = append(out, s...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Events are the bot events the manifest subscribes to.
func Events() []string { return slices.Sorted(maps.Keys(events())) }
