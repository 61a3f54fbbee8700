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
// Violations; nothing is accepted out of graceAfterRefusal.
//
// What is in the workspace is in package world, which knows no HTTP; what Slack's
// JSON is made of, and what Block Kit allows, in package kit. This package serves
// them: one file for each method of the Web API (api_…, listed in methods.go), the
// socket (socket.go, envelope.go, event.go), response URLs (response_url.go) and uploads.
// The act_… files are the verbs that tell the app something; wire_… files write
// what calls, events and interactions show.
package slack
