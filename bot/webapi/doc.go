// Package webapi is how the bot calls Slack's Web API: within its limits, calls
// that a person waits for first, and with every error told apart by what is to be
// done about it.
package webapi
