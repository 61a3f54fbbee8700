// Package slack is a Slack workspace with one app installed, small enough to
// live in a test and strict enough to be worth passing.
//
// It serves the Web API and Socket Mode over a plain http.Handler, so Slack's
// client libraries run against it unmodified with only the API address
// changed. Verbs such as Slash, Click and Submit act as a person in the
// workspace; Messages, Views and Home read what that person would see.
//
// What hurts in production hurts here: acknowledgements are due in three
// seconds, trigger ids are good for one call, views carry hashes, scopes are
// checked, and Block Kit limits are enforced in Slack's own words. Anything
// that is not modelled is answered with HTTP 501, logged and reported by
// Violations; nothing is accepted out of politeness.
//
// State (world.go, people.go, channel.go, message.go, view.go, file.go) knows
// nothing of HTTP; the api_*.go files decode calls, one file per method
// family; the act_*.go files are the verbs.
package slack
