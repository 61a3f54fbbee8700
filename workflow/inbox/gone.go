package inbox

import (
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// gone notes that a request's issue isn't there any more, or can't be seen, and
// tells everybody whom that concerns, once.
func gone(u *engine.Unit, request string) error {
	news, err := ledger.MarkGone(u, request)
	if err != nil || !news {
		return err
	}
	r, err := u.Request(request)
	if err != nil {
		return err
	}
	return notify.IssueGone(u, r)
}

// back notes that the issue can be seen again.
func back(u *engine.Unit, request string) error {
	news, err := ledger.MarkBack(u, request)
	if err != nil || !news {
		return err
	}
	r, err := u.Request(request)
	if err != nil {
		return err
	}
	return notify.IssueBack(u, r)
}
