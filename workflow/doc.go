// Package workflow is the shell around the machines of package access: it loads
// and stores, resolves people, carries effects out as durable tasks, keeps time
// and lets people act. It knows contracts only: a store, directories, a ledger
// (Jira) and a messenger (Slack), never who implements them.
package workflow
