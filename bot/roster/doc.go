// Package roster knows who the members of the workspace are, as Slack shows them.
package roster
