package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// What is the app and the role a case is about, not escaped.
func What(c access.Case) string { return naming{Case: c}.what() }

// App is the name of the app a case is about, not escaped.
func App(c access.Case) string { return naming{Case: c}.appName() }

// Beneficiary is the name of who gets the access, not escaped.
func Beneficiary(c access.Case) string { return naming{Case: c}.name(c.Request.Beneficiary) }

// Ticket links a request's issue, once there is one: until then nobody has a use for our own
// number; and the conversation the request came up in.
func Ticket(r access.Request) string { return ticketAt(r, r.Issue.URL) }

// CustomerTicket is Ticket for those whose request it is: they may have no licence
// to open the issue anywhere but in the portal.
func CustomerTicket(r access.Request) string { return ticketAt(r, r.Issue.CustomerURL()) }

func ticketAt(r access.Request, address string) string {
	var said []string
	if issue := r.Issue; issue.Key != "" {
		said = append(said, blocks.Link(address, issue.Key))
		if issue.Gone {
			said[0] += " (deleted or hidden)"
		}
	}
	if r.Conversation != "" {
		said = append(said, blocks.Link(r.Conversation, "the conversation"))
	}
	return blocks.Dotted(said...)
}
