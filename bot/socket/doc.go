// Package socket reads Slack's Socket Mode.
//
// A [Client] keeps two sockets open, so that Slack's regular "please reconnect" never leaves the app deaf: the
// replacement is greeted before the old socket is let go. Every envelope is scanned once at its top level and handed
// to a [Handler], which commits; only then the ack goes out, on the very socket the envelope came from, because Slack
// does not document acks on any other.
//
// The package decodes no payloads and knows nothing of what they mean. Duplicates (Slack redelivers what was not
// acked in time) and unknown envelope types reach the Handler too.
package socket
