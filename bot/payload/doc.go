// Package payload is what Slack sends over the socket, as far as the bot reads
// it, and what goes back with the ack.
package payload
