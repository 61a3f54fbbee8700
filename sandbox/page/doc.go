// Package page draws what people see in Slack: messages, modals and the Home tab, from
// the JSON that the emulated workspace received, as HTML that looks as Slack does on a
// phone and on the desktop. It shares no types with whoever sent that JSON, and it drops
// nothing: what it doesn't know is drawn as an unknown block, with its words.
//
// Everything goes through the writer in html.go, which writes texts escaped, so that
// nobody's words become HTML. A page asks the network for nothing.
package page
