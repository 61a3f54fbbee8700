// Package messenger posts to Slack and keeps posted cards up to date. It is the
// workflow's notify.Messenger: what a card says is drawn by cards, where it stands
// and whether it is there already is found out here.
package messenger
