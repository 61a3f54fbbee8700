package cards

import "latchkey/access"

// What is the app and the role a case is about, not escaped.
func What(c access.Case) string { return builder{Case: c}.what() }

// App is the name of the app a case is about, not escaped.
func App(c access.Case) string { return builder{Case: c}.appName() }

// Beneficiary is the name of who gets the access, not escaped.
func Beneficiary(c access.Case) string { b := builder{Case: c}; return b.name(b.Request.Beneficiary) }

// Ticket links a request's issue, once there is one, and the conversation the request
// came up in.
func Ticket(r access.Request) string { return builder{Case: access.Case{Request: r}}.ticket() }

// CustomerTicket is Ticket for those whose request it is: they may have no licence
// to open the issue anywhere but in the portal.
func CustomerTicket(r access.Request) string {
	return builder{Case: access.Case{Request: r}}.customerTicket()
}
