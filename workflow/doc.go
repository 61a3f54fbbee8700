// Package workflow is the shell around the machines of package access, in rooms:
// engine carries units of work and tasks, people knows who somebody is and what
// they may do, query reads, ledger, notify and provision are the ports to Jira,
// Slack and the directories, requests takes what people do, inbox reads what they
// did in Jira, reconcile compares with the directories, recovery rebuilds a store.
//
// This package only composes them, and holds the five tables: effects, handlers,
// duties, what falls due, and what becomes of failures. A room has one line in
// each. It knows contracts: a store, directories, Jira and Slack, never who
// implements them.
package workflow
