// Package provision changes who is in a group: it puts the people of a grant in
// and takes them out, reads every change back, and keeps what somebody else had
// given or another grant still needs.
package provision
