// Package sandbox is an emulated world for Latchkey: a Slack workspace, a Jira
// site and one or several directories on loopback addresses, peopled by a small company, with a
// clock that can be moved and faults that can be switched on.
//
// The emulators live in folders of their own. Nothing here imports anything of
// the house, so the real clients meet real protocols.
package sandbox
