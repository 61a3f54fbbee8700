package deciding

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// HandOnTask is the kind of task that gives each row of a reviewer who has left to whom the stage names for it.
const HandOnTask = "review.hand_on"

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{HandOnTask: rows.Long(s.handOnAll)}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]string {
	return map[string]string{HandOnTask: "have others answer for a reviewer who has left"}
}

// Handing is who answers a row from now on.
type Handing struct {
	To     []access.PersonID
	AnyOne bool // one answer of any of them is enough
	By     access.Actor
	Why    string
	Left   access.Grounds // why it is left to IT; "" if it isn't
}

// Reassign has others answer a row.
func Reassign(u *engine.Unit, n *Counting, i access.ReviewItem, h Handing) error {
	e := i.Event(access.EventRowReassigned, h.By, u.At)
	e.Reason, e.Review.Reviewers, e.Review.AnyOne, e.Review.Grounds = h.Why, h.To, h.AnyOne, h.Left
	now, err := engine.Move(u, rows.Items(), i, e)
	if err != nil {
		return err
	}
	if err := n.row(i, now); err != nil || h.Left != "" { // what is left to IT is told together
		return err
	}
	for _, who := range now.Reviewers {
		if err := notify.TellWaiting(u, who, u.At); err != nil {
			return err
		}
	}
	return nil
}

// others are those who answer a row that nobody answers who was named for it: the first source of the stage's fallback that
// leads to anybody else, or IT.
func (s *Service) others(u *engine.Unit, c access.Campaign, i access.ReviewItem) ([]access.PersonID, error) {
	fit := func(who []access.PersonID) []access.PersonID {
		return slices.DeleteFunc(who, func(p access.PersonID) bool { return p == i.Person || slices.Contains(i.Reviewers, p) })
	}
	for _, a := range append(slices.Clone(c.Review.Stage(c.Stage).Fallback), catalog.Approver{Kind: catalog.Security}) {
		who, err := s.fallback(u, a, i)
		if who = fit(who); err != nil || len(who) > 0 {
			return who, err
		}
	}
	return nil, nil
}

// fallback are those for whom a source of a stage's fallback stands, as far as the store knows them and they may act.
func (s *Service) fallback(u *engine.Unit, a catalog.Approver, i access.ReviewItem) (who []access.PersonID, err error) {
	var written []string
	switch a.Kind {
	case catalog.Security:
		return s.authority.AdminsIn(u.Tx)
	case catalog.Named:
		written = []string{a.Person}
	case catalog.Owner:
		app, _ := u.Catalog.App(i.App)
		written = app.Owners
	}
	for _, address := range written {
		p, err := meant(u.Tx, access.NewEmail(address))
		if err != nil {
			return nil, err
		}
		if p.ID != "" && p.MayAct() == nil && !p.Departed() && !slices.Contains(who, p.ID) {
			who = append(who, p.ID)
		}
	}
	return who, nil
}

// meant is whom an address of the configuration means, as far as the store knows; the zero person for nobody.
func meant(tx store.Tx, a access.Email) (access.Person, error) {
	k, err := store.Meant(tx, a)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
		return access.Person{}, nil
	}
	return k.Person, err
}

// byRow tells whether a stage's fallback is somebody else for each row.
func byRow(c access.Campaign) bool {
	return slices.ContainsFunc(c.Review.Stage(c.Stage).Fallback, func(a catalog.Approver) bool { return a.Kind == catalog.Owner })
}

// handOnAll gives each row of somebody who has left to others, a few in each unit of work. What it is broken off behind is
// theirs no more.
func (s *Service) handOnAll(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	left := map[int]bool{} // rows for which there is nobody else
	for more := err == nil; more && err == nil; {
		err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
			more, err = s.handOnSome(u, a, left)
			return err
		})
	}
	return nil, err
}

// handOnSome gives some rows of somebody to others, and tells whether there may be more.
func (s *Service) handOnSome(u *engine.Unit, a rows.About, left map[int]bool) (more bool, err error) {
	c, err := s.campaign(u, a.Campaign)
	if err != nil || !c.Answers() {
		return false, err
	}
	all, err := c.waitingFor(a.Person, rows.AtOnce, left)
	if err != nil {
		return false, err
	}
	n := Counts(u)
	for _, row := range all {
		given, err := s.handOn(u, n, c, row, handingOn{a.Person, whoLeft})
		if err != nil {
			return false, err
		}
		left[row.Number] = !given
	}
	return len(all) == rows.AtOnce, n.Save()
}

// handingOn is whose row others answer, and why.
type handingOn struct {
	from access.PersonID
	why  string
}

// handOn gives a row to others in the place of one who was asked, beside those who are asked about it as well. Of one that
// has nobody else it gives none.
func (s *Service) handOn(u *engine.Unit, n *Counting, c reviewed, row rows.Row, h handingOn) (given bool, err error) {
	i, kept, err := c.Item(u, row)
	if err == nil && kept {
		i, err = c.InStage(u, row, i)
	}
	if err != nil {
		return false, err
	}
	others, err := s.others(u, c.Campaign, i)
	if err != nil || len(others) == 0 {
		return false, err
	}
	stay := slices.DeleteFunc(slices.Clone(i.Reviewers), func(p access.PersonID) bool { return p == h.from })
	return true, Reassign(u, n, i, Handing{To: append(stay, others...), AnyOne: i.AnyOne || len(stay) == 0, By: access.System(), Why: h.why})
}

// whoLeft says why others answer for somebody who has left.
const whoLeft = "Whoever was asked has left."

// above is the first of those who managed somebody who may act; "" where there is none.
func above(tx store.Tx, gone access.PersonID) (access.PersonID, error) {
	p, err := people.In(tx, gone)
	for n := 0; n < mostAbove && err == nil && p.Manager != "" && p.Manager != gone; n++ {
		if p, err = people.In(tx, p.Manager); err == nil && !p.Departed() && p.MayAct() == nil {
			return p.ID, nil
		}
	}
	return "", err
}
