// Package requests is what people do: ask for access, answer, cancel, talk,
// extend, take a role in an emergency, give access back, end it, and what follows
// by itself when time is up or somebody leaves. Every door (Slack, Jira, the
// command line) comes through here. When a function returns nil, what was asked
// for and everything that follows from it is committed.
package requests
