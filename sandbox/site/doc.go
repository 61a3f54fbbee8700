// Package site is a web page on which people play in the sandbox: on the left who they can be, in the middle that
// person's Slack, on the right what is in Jira and the directories, above it the clock and what can go wrong.
//
// The page acts only as people do: by the verbs of the emulated services. The bot can't tell it from Slack. What it shows
// is drawn here, in Go, piece by piece (frame.go); a browser that looks on is sent the pieces that changed (live.go), and
// a few modules of JavaScript put them where they belong and send what is pressed (assets, act.go).
package site
