// Package jira keeps the record of access requests in Jira Service Management.
//
// A request becomes a customer request of the service project. Every event of it
// becomes a comment in plain words, the status that belongs to it, and issue
// properties that machines can read. The package decides nothing; it wires its
// rooms for one site:
//
//	adf         texts: documents, plain text
//	rest        calls, pace, failures
//	site        what the site is like: project, form, statuses, accounts
//	stamp       how Latchkey's own data stands on an issue
//	wording     what people read about an event
//	transition  the way to a status
//	issue       writes issues
//	watch       reads issues back
//	check       looks at the site for an administrator
//
// What is said here about Jira comes from Atlassian's references "Jira Cloud
// platform REST API v3" and "Jira Service Management Cloud REST API" on
// developer.atlassian.com, where no other source is named.
//
// Every error from a call is an *access.Failure.
package jira
