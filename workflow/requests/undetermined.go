package requests

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// alertUndetermined tells IT, once a day for each rule, that it can't be judged for want of what the directory doesn't
// say of somebody: whoever is refused for that can't put it right.
func alertUndetermined(u *engine.Unit, why *access.Refusal, what string, whom access.Person) error {
	return notify.Alert(u, "undetermined/"+why.Rule, "A rule can't be judged: "+why.Rule,
		fmt.Sprintf("%s for %s depends on what no directory says of them: %s.", what, whom.Contact(), strings.Join(why.Missing, ", ")),
		"It is refused until that is known. Add it in the directory, for them and for others of whom it is missing; this is told once a day for each rule.")
}

// undetermined is the refusal of one of several asks, which IT hears of where nobody else can put it right.
func (s *Service) undetermined(ctx context.Context, err error, asks []access.Ask) error {
	why, refused := access.AsRefusal(err)
	if !refused || why.Reason != access.Undetermined {
		return err
	}
	item := 0
	if r := (*Refused)(nil); errors.As(err, &r) {
		item = r.Item
	}
	app, role, _ := s.catalog().Role(asks[item].App, asks[item].Role)
	if failed := s.units.Update(ctx, func(u *engine.Unit) error {
		return alertUndetermined(u, why, app.Name+" · "+role.Name, asks[item].Beneficiary)
	}); failed != nil {
		return failed
	}
	return err
}
