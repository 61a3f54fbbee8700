package people

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// Act is something that not everybody may do.
type Act string

// The acts. Whether somebody may answer a request is the request's own rule
// (access.Request.MayDecide); who is eligible for that, Established tells.
const (
	ActAskFor   Act = "ask for somebody"  // access for Matter.Holder
	ActOversee  Act = "oversee"           // see who has access, what is stuck, how the week went
	ActExplain  Act = "explain"           // see why somebody has access
	ActTrace    Act = "trace"             // see everything that happened between somebody and an app
	ActRevoke   Act = "revoke"            // end somebody's access before its time
	ActReturn   Act = "give back"         // end one's own access before its time
	ActExtend   Act = "ask for more time" // for one's own access
	ActReassign Act = "reassign"          // have somebody else decide a request of somebody else
	ActFulfil   Act = "fulfil"            // say that a manual change was made
	ActRetry    Act = "retry"             // try again what is stuck
	ActLink     Act = "link"              // tie a request to a conversation
	ActDetail   Act = "see the details"   // of a request: who else has it, and how others were answered
	ActAskAgain Act = "ask again"         // for what was denied, lapsed or ended: see what was asked for

	ActOffboard    Act = "offboard"           // end everything that somebody has
	ActErase       Act = "erase"              // erase what names or quotes somebody
	ActPause       Act = "pause"              // stop new access for a while, confirm that, or resume it
	ActBirthrights Act = "follow birthrights" // say whether much that comes by them at once is meant
	ActConfirm     Act = "confirm"            // confirm what somebody else of IT says of a person
	ActReview      Act = "run reviews"        // begin, start, end and cancel access reviews, and say who answers
	ActAnswerRow   Act = "answer a review"    // say of a row of a review whether it stays
	ActRestore     Act = "restore"            // give back what somebody lost by a review
	ActKeepSeat    Act = "keep a seat"        // say whether they still need a seat that they don't use
	ActExemptSeat  Act = "leave a seat out"   // have a seat that nobody uses be left alone
	ActRestoreSeat Act = "restore a seat"     // give back what came back because nobody used it
	ActRestoreFor  Act = "restore for them"   // the same, of a role for which a click of its holder's isn't enough
)

// Matter is what an act is about. Each act looks at what it needs of it.
type Matter struct {
	App     string         // empty: all apps
	Holder  access.Person  // whose access it is; the id is enough where no manager is asked for
	Request access.Request // the request it is about

	Reviewers []access.PersonID // of a row of a review: whose answers it waits for, as far as whoever acts may give them at this moment
	For       access.PersonID   // of an answer to one: as whose it counts; empty for one's own
}

// authority says who may do what.
type authority struct {
	known    *identities
	catalog  func() *catalog.Catalog
	admins   []access.Email // IT
	onBehalf []OnBehalf     // who may ask for somebody else
}

// quality is what makes that somebody may do something.
type quality func(authority, Caller, Matter) bool

// rule says which qualities allow an act, any of them alone, and how everybody
// else is refused.
type rule struct {
	allows  []quality
	refusal func(Matter) string
}

// rules are all there is to say about authority.
func rules() map[Act]rule {
	return map[Act]rule{
		ActAskFor:      {[]quality{holder, onBehalf}, notOnBehalf},
		ActOversee:     {[]quality{admin, owner, operator}, notOverseer},
		ActExplain:     {[]quality{holder, manager, admin, owner, operator}, notOverseer},
		ActTrace:       {[]quality{holder, admin, owner, operator}, notOverseer},
		ActRevoke:      {[]quality{admin, owner}, sentence("Only IT and the app's owners can revoke access.")},
		ActReturn:      {[]quality{holder}, sentence("Only the person who holds this access can give it back.")},
		ActExtend:      {[]quality{holder}, sentence("Only the person who holds this access can ask for more time.")},
		ActAskAgain:    {[]quality{party}, sentence("This was somebody else's request. Ask for what you need yourself.")},
		ActReassign:    {[]quality{adminOfOthers, ownerOfOthers}, sentence("Only IT and the app's owners can have somebody else decide, and not about what they asked for themselves.")},
		ActFulfil:      {[]quality{admin, fulfiller}, sentence("This change was asked of somebody else.")},
		ActRetry:       {[]quality{admin, operator}, sentence("Only IT can retry stuck work.")},
		ActOffboard:    {[]quality{admin, operator}, sentence("Only IT can offboard somebody.")},
		ActErase:       {[]quality{operator}, sentence("What names or quotes somebody is erased on the command line only.")},
		ActPause:       {[]quality{admin, operator}, sentence("Only IT can pause new access.")},
		ActBirthrights: {[]quality{admin, operator}, sentence("Only IT can say whether birthrights are followed.")},
		ActConfirm:     {[]quality{admin}, sentence("Only IT can confirm what is said of somebody, in Slack.")},
		ActReview:      {[]quality{admin, operator}, sentence("Only IT can do this with an access review.")},
		ActAnswerRow:   {[]quality{reviewer}, sentence("Somebody else reviews this row: nobody answers about their own access, nor for somebody in whose place they weren't put.")},
		ActRestore:     {[]quality{reviewer, adminOfAnother}, sentence("Only IT and whoever revoked this can give it back, and nobody to themselves.")},
		ActKeepSeat:    {[]quality{holder}, sentence("Only the person whose seat this is can say whether they still need it.")},
		ActExemptSeat:  {[]quality{adminOfAnother, ownerOfAnother, operator}, sentence("Only IT and the app's owners can leave a seat out, and nobody their own.")},
		ActRestoreSeat: {[]quality{holder, admin, owner}, sentence("Only the person whose seat this was, IT and the app's owners can have it given back.")},
		ActRestoreFor:  {[]quality{adminOfAnother, ownerOfAnother}, sentence("Only IT and the app's owners can give this role back, and nobody to themselves. Ask them, or ask for it anew.")},
		ActDetail:      {[]quality{admin, owner, participant}, sentence("Only those who asked, those who decide, the app's owners and IT see the details of a request.")},
		ActLink:        {[]quality{admin, participant}, sentence("Only those who asked, those who decide and IT can link a request.")},
	}
}

// Caller is somebody who does something, and what is known of them at this moment.
type Caller struct {
	access.Actor
	person  access.Person
	offered *catalog.Catalog // what they go by; nil: what there is now
}

// Caller establishes who it is that does something. That asks Slack and the
// directories, so it comes before the unit of work in which May is asked.
func (a authority) Caller(ctx context.Context, by access.Actor) (Caller, error) {
	c := Caller{Actor: by, offered: engine.Offered(ctx, a.catalog)}
	if by.Person == "" {
		return c, nil
	}
	var err error
	if c.person, err = a.known.person(ctx, by.Person); Softly(err) != nil {
		return c, fmt.Errorf("find out who asks: %w", err)
	}
	return c, nil
}

// callerBudget bounds how long somebody who acts waits until they are looked up, where
// nothing else does.
const callerBudget = 1500 * time.Millisecond

// CallerNow is Caller for somebody who disposes of others' access: looked up at this
// moment, however lately they were, and refused where they may not act any more. What
// a directory that keeps silent said last stands in, because what IT does in an
// emergency waits for no directory.
func (a authority) CallerNow(ctx context.Context, by access.Actor) (Caller, error) {
	c := Caller{Actor: by, offered: engine.Offered(ctx, a.catalog)}
	if by.Person == "" {
		return c, nil
	}
	short, cancel := Briefly(ctx, callerBudget)
	defer cancel()
	a.known.Forget(by.Person)
	p, err := a.known.person(short, by.Person)
	if Softly(err) != nil && ctx.Err() == nil {
		k, unread := a.known.remembered(ctx, by.Person)
		p, err = k.Person, unread
	}
	switch {
	case Softly(err) != nil:
		return c, fmt.Errorf("find out who acts: %w", err)
	case err != nil:
		return c, nil // not in Slack: the rules refuse whoever nothing is known of
	}
	c.person = p
	return c, p.MayAct()
}

// Allow is May for somebody who is looked up first.
func (a authority) Allow(ctx context.Context, by access.Actor, act Act, about Matter) error {
	c, err := a.Caller(ctx, by)
	if err != nil {
		return err
	}
	return a.May(c, act, about)
}

// May tells whether somebody may do something, whichever door they came
// through; a refusal says why not.
func (a authority) May(by Caller, act Act, about Matter) error {
	r, known := rules()[act]
	if known && slices.ContainsFunc(r.allows, func(q quality) bool { return q(a, by, about) }) {
		return nil
	}
	field, text := "", "Nobody can do that."
	if known {
		text = r.refusal(about)
	}
	if act == ActAskFor {
		field = "person"
	}
	return access.Refuse(access.NotAllowed, field, text)
}

func sentence(text string) func(Matter) string { return func(Matter) string { return text } }

func notOverseer(m Matter) string {
	if m.App == "" {
		return "Only IT can see this."
	}
	return "Only IT and the app's owners can see this."
}

func notOnBehalf(m Matter) string {
	return "You can't ask for " + m.Holder.Display() + ". They can ask for themselves, or their manager can."
}

// holder: it is their own access.
func holder(_ authority, by Caller, m Matter) bool {
	return by.Person != "" && by.Person == m.Holder.ID
}

// manager: whose access it is reports to them.
func manager(_ authority, by Caller, m Matter) bool {
	return by.Person != "" && by.Person == m.Holder.Manager
}

// admin: IT.
func admin(in authority, by Caller, _ Matter) bool { return able(by.person) && in.isAdmin(by.person) }

// able: what their addresses allow counts for somebody who is not known to be away.
func able(p access.Person) bool {
	return p.Offboarded.IsZero() && p.Doubted.IsZero() && p.Standing != access.Left && p.Standing != access.Suspended
}

// adminOfOthers: IT, where they neither asked for it nor would get it.
func adminOfOthers(in authority, by Caller, m Matter) bool {
	return !party(in, by, m) && admin(in, by, m)
}

// ownerOfOthers: the app is theirs, where they neither asked for it nor would get it.
func ownerOfOthers(in authority, by Caller, m Matter) bool {
	return !party(in, by, m) && owner(in, by, m)
}

// reviewer: the row waits for their answer, or for one of whom they stand in the place. Nobody answers about themselves,
// nor in the place of whoever it is about.
func reviewer(_ authority, by Caller, m Matter) bool {
	whose := cmp.Or(m.For, by.Person)
	return whose != "" && by.Person != "" && able(by.person) && by.Person != m.Holder.ID && whose != m.Holder.ID &&
		(by.person.Same == "" || by.person.Same != m.Holder.ID) && (m.Holder.Same == "" || m.Holder.Same != by.Person) && slices.Contains(m.Reviewers, whose)
}

// adminOfAnother: IT, where it isn't about themselves.
func adminOfAnother(in authority, by Caller, m Matter) bool {
	return by.Person != m.Holder.ID && admin(in, by, m)
}

// ownerOfAnother: the app is theirs, and the access isn't.
func ownerOfAnother(in authority, by Caller, m Matter) bool {
	return by.Person != m.Holder.ID && owner(in, by, m)
}

// operator: whoever can run commands where Latchkey runs.
func operator(_ authority, by Caller, _ Matter) bool { return by.Via == access.ViaCLI }

// owner: the app is theirs. An app that is empty or unknown has no owners.
func owner(in authority, by Caller, m Matter) bool {
	a, ok := in.offeredTo(by).App(m.App)
	return ok && able(by.person) && by.person.MeantByOneOf(a.Owners)
}

// fulfiller: they make the app's changes where fulfilment is manual.
func fulfiller(in authority, by Caller, m Matter) bool {
	a, _ := in.offeredTo(by).App(m.App)
	return able(by.person) && by.person.MeantByOneOf(a.Fulfillers())
}

// offeredTo is the catalogue that whoever does something goes by.
func (a authority) offeredTo(by Caller) *catalog.Catalog {
	if by.offered != nil {
		return by.offered
	}
	return a.catalog()
}

// participant: they asked, would get the access, or are asked to decide.
func participant(_ authority, by Caller, m Matter) bool { return TakesPart(m.Request, by.Person) }

// party: they asked, or it was for them.
func party(_ authority, by Caller, m Matter) bool {
	return by.Person != "" && (by.Person == m.Request.Requester || by.Person == m.Request.Beneficiary)
}

// TakesPart tells whether somebody asked, would get the access, or was asked to decide, be it
// silently as a back-up.
func TakesPart(r access.Request, who access.PersonID) bool {
	return who != "" && (who == r.Requester || who == r.Beneficiary ||
		slices.ContainsFunc(r.Stages, func(st access.Stage) bool { return slices.Contains(st.Asked, who) || slices.Contains(st.Standby, who) }))
}

// isAdmin tells whether somebody is IT, by an address that is theirs now and was
// nobody else's.
func (a authority) isAdmin(p access.Person) bool { return slices.ContainsFunc(a.admins, p.MeantBy) }
