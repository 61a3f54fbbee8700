// Package cards draws the messages about a subject: pure functions from how things
// stand, and for whom, to blocks and text. Each audience of a request has a builder
// of its own in a file of its own; what several of them say stands in progress.go.
//
// The names of the buttons on cards are here too, because cards outlive a release.
package cards
