// Package manifest is the Slack app's manifest: the command, the shortcuts, and
// exactly the scopes and events that the bot uses.
package manifest
