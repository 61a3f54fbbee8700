// Package jira keeps the record of access requests in Jira Service Management.
//
// A request becomes a customer request of the service project. Every step of it
// becomes a comment in plain words, the status that belongs to the step, and an
// issue property that machines can read. The package speaks Jira Cloud's REST
// API version 3 and the service desk API; it decides nothing.
//
// Jira offers no idempotency key. So the request's id stands in the summary of
// its issue, every comment carries the id of its event as a property, and after
// an attempt of unknown outcome the client looks before it writes again.
//
// What is said here about Jira comes from Atlassian's references "Jira Cloud
// platform REST API v3" and "Jira Service Management Cloud REST API" on
// developer.atlassian.com, where no other source is named.
//
// Every error from a call is an *access.Failure.
package jira
