package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
)

// MaxUnlisted is the longest name of something that isn't in the catalogue, in characters.
const MaxUnlisted = 100

// MaxUnlistedWaiting is how many requests for such things may wait for one person:
// each is an issue that IT has to read.
const MaxUnlistedWaiting = 20

// Ask is what a person submits.
type Ask struct {
	ID           string // of the request to be; unique
	Requester    Person
	Beneficiary  Person
	App          string
	Role         string
	Wanted       time.Duration
	Reason       string
	Unlisted     string // instead of App and Role: what isn't in the catalogue
	Conversation string // link to the conversation it came up in
	Via          Via
	Extends      string        // the grant to be extended; empty for new access
	BreakGlass   bool          // asks nobody: see SubmitBreakGlass
	Incident     string        // of an emergency; may be empty
	Origin       string        // stable key of the submission
	Starts       time.Time     // when access is to begin; zero: as soon as there is a yes
	LapseAfter   time.Duration // how long it waits for an answer; zero for ever
	Around       Circumstances // what else the policy may ask
	Beside       Standings     // what it would go beside

	excepted []catalog.Exception // of a request that was made: what is asked for with it
	late     bool                // it is judged again, after it was made
}

// Standings are the requests and grants the beneficiary has already.
type Standings struct {
	Requests []Request
	Grants   []Grant
}

// Submit turns an ask into a request, or refuses it with a sentence and the
// field it is about. A route without stages approves at once; the event says so.
func Submit(c *catalog.Catalog, ask Ask, has Standings, at time.Time) (Request, Event, []Effect, error) {
	judged, err := ask.check(c, has)
	if err != nil {
		return Request{}, Event{}, nil, err
	}
	if err := ask.checkStart(at); err != nil {
		return Request{}, Event{}, nil, err
	}
	route, err := ask.route(c, judged)
	if err != nil {
		return Request{}, Event{}, nil, err
	}
	r := ask.request(c, route, at)
	if r.StepUp && route.Automatic() {
		return Request{}, Event{}, nil, Refuse(Invalid, "role", "Somebody has to sign in to say yes to this role, and nobody is asked about it. IT has to fix the catalogue first.")
	}
	r.Clauses, r.Exceptions = judged.Clauses, catalog.Exceptions(c, judged.Violations, catalog.RoleRef{App: r.App, Role: r.Role})
	e := r.Event(EventSubmitted, ask.actor(), at)
	e.Note = strings.TrimSpace(InSpiteOf(r.Exceptions) + " " + PolicySays(judged.Clauses))
	if !route.Automatic() {
		return r, e, effects(EffectOpenIssue, EffectFindApprovers, EffectShowCards), nil
	}
	r.State, r.Decided = RequestApproved, at
	e.Note = strings.TrimSpace("Approved at once: " + asksNobody(route) + " " + e.Note)
	return r, e, effects(EffectOpenIssue, EffectStartGrant, EffectShowCards), nil
}

// asksNobody says what it is by which nobody is asked.
func asksNobody(route catalog.Route) string {
	if route.Name == catalog.ByPolicy {
		return "a rule of the policy asks nobody."
	}
	return fmt.Sprintf("the route %q asks nobody.", route.Name)
}

// request is what the ask becomes, waiting for its first stage.
func (a Ask) request(c *catalog.Catalog, route catalog.Route, at time.Time) Request {
	r := Request{
		ID: a.ID, Origin: a.Origin, Requester: a.Requester.ID, Beneficiary: a.Beneficiary.ID,
		App: a.App, Role: a.Role, Wanted: a.Wanted, Allowed: a.Wanted, Unlisted: strings.TrimSpace(a.Unlisted), Conversation: a.Conversation,
		Reason: strings.TrimSpace(a.Reason), Route: route.Name, Catalog: c.Version(), Stages: stagesOf(route.Stages), Distinct: route.Distinct, State: RequestPending, Created: at,
		Extends: a.Extends, BreakGlass: a.BreakGlass, Incident: strings.TrimSpace(a.Incident),
	}
	_, role, _ := c.Role(a.App, a.Role)
	r.StepUp = role.NeedsStepUp()
	if !a.Starts.IsZero() && a.Unlisted == "" && a.Extends == "" && !a.BreakGlass {
		r.Starts = a.Starts.UTC()
	}
	if a.LapseAfter > 0 {
		r.Lapses = at.Add(a.LapseAfter)
	}
	if r.BreakGlass {
		r.Stages, r.Distinct, r.Skipped = nil, false, route.Sources()
	}
	return r
}

// stagesOf are stages that nobody was asked about yet.
func stagesOf(route []catalog.Stage) []Stage {
	var out []Stage
	for _, s := range route {
		out = append(out, Stage{Sources: slices.Clone(s.Approvers), Need: s.Need, Backups: slices.Clone(s.Backups)})
	}
	return out
}

func (a Ask) actor() Actor {
	return Actor{Person: a.Requester.ID, Via: a.Via, Account: a.Requester.Account(string(a.Via))}
}

// SubmitBreakGlass turns an ask into a request that nobody decides: the person
// takes the role for a short time, most at the longest, and answers for it
// afterwards. The request still waits for its event EventBreakGlass.
func SubmitBreakGlass(c *catalog.Catalog, ask Ask, typed string, most time.Duration, has Standings, at time.Time) (Request, Event, []Effect, error) {
	ask.BreakGlass, ask.Extends, ask.LapseAfter = true, "", 0
	judged, err := ask.check(c, has)
	if err != nil {
		return Request{}, Event{}, nil, err
	}
	app, role, _ := c.Role(ask.App, ask.Role)
	switch {
	case !role.BreakGlass:
		return Request{}, Event{}, nil, Refuse(NotAllowed, "role", "This role can't be taken in an emergency. Please ask for it.")
	case ask.Beneficiary.ID != ask.Requester.ID:
		return Request{}, Event{}, nil, Refuse(NotAllowed, "person", "In an emergency everybody takes a role for themselves only.")
	case ask.Wanted == catalog.Forever || ask.Wanted > most:
		return Request{}, Event{}, nil, Refuse(Invalid, "duration", fmt.Sprintf("In an emergency a role can be taken for %s at most.", catalog.FormatDuration(most)))
	case !catalog.Same(typed, app.Name):
		return Request{}, Event{}, nil, Refuse(Invalid, "typed", fmt.Sprintf("To take this role now, please type the app's name: %s", app.Name))
	}
	route, _ := c.Route(role.Route)
	r := ask.request(c, route, at)
	r.Clauses, r.Exceptions = judged.Bounding, catalog.Exceptions(c, judged.Violations, catalog.RoleRef{App: r.App, Role: r.Role})
	e := r.Event(EventSubmitted, ask.actor(), at)
	e.Note = strings.TrimSpace("Break-glass: taken in an emergency, nobody was asked. " + InSpiteOf(r.Exceptions))
	return r, e, effects(EffectOpenIssue), nil
}

// check judges an ask by itself and against what the person has.
func (a Ask) check(c *catalog.Catalog, has Standings) (judged catalog.Judgement, err error) {
	if err := a.Requester.MayAct(); err != nil {
		return judged, err
	}
	if !a.Beneficiary.Offboarded.IsZero() {
		return judged, offboarded(a.Beneficiary)
	}
	if a.Beneficiary.Standing != Active || a.Beneficiary.ID == "" || a.Beneficiary.Kind == Bot {
		return judged, Refuse(NotAllowed, "person", "Access can only be asked for people with an active account.")
	}
	if a.Unlisted != "" {
		return judged, a.checkUnlisted(has)
	}
	if judged, err = a.checkRole(c, has); err != nil {
		return judged, err
	}
	if err := a.checkReason(); err != nil {
		return judged, err
	}
	return judged, a.Objection(c, a.besides(has))
}

// besides leaves out of the standings what the ask is meant to go beside: the
// grant it extends, and in an emergency whatever still waits for an answer.
func (a Ask) besides(has Standings) Standings {
	if a.BreakGlass {
		has.Requests = nil
	}
	if a.Extends != "" {
		has.Grants = slices.DeleteFunc(slices.Clone(has.Grants), func(g Grant) bool { return g.ID == a.Extends })
	}
	return has
}

func (a Ask) checkRole(c *catalog.Catalog, has Standings) (judged catalog.Judgement, err error) {
	app, role, ok := c.Role(a.App, a.Role)
	if _, known := c.App(a.App); !known {
		return judged, Refuse(Unknown, "app", "That app isn't in the catalogue any more.")
	}
	if !ok {
		return judged, Refuse(Unknown, "role", "That role isn't offered any more. Please choose again.")
	}
	if !app.Offered() {
		return judged, Refuse(Invalid, "app", app.Name+" isn't offered at the moment.")
	}
	judged = a.JudgeBeside(c, has)
	if err := a.refusedBy(c, judged, app, role); err != nil {
		return judged, err
	}
	if err := judged.Durations.Allows(a.Wanted); err != nil {
		return judged, Refuse(Invalid, "duration", strings.TrimSpace(err.Error()+" "+PolicySays(judged.Bounding)))
	}
	return judged, nil
}

func (a Ask) checkReason() error {
	switch n := len([]rune(strings.TrimSpace(a.Reason))); {
	case n < 3:
		return Refuse(Invalid, "reason", "Please say in a few words what you need it for.")
	case n > MaxReason:
		return Refuse(Invalid, "reason", fmt.Sprintf("Please keep the reason under %d characters.", MaxReason))
	}
	return nil
}

func (a Ask) checkUnlisted(has Standings) error {
	unlisted := strings.TrimSpace(a.Unlisted)
	switch n := len([]rune(unlisted)); {
	case n < 2:
		return Refuse(Invalid, "unlisted", "Please name what you need.")
	case n > MaxUnlisted:
		return Refuse(Invalid, "unlisted", fmt.Sprintf("Please keep the name under %d characters.", MaxUnlisted))
	}
	same := func(r Request) bool {
		return r.State == RequestPending && catalog.Same(r.Unlisted, unlisted) && r.Beneficiary == a.Beneficiary.ID
	}
	if i := slices.IndexFunc(has.Requests, same); i >= 0 {
		return Refuse(Duplicate, "unlisted", fmt.Sprintf("%s is already asked for (%s) and waits for IT.", unlisted, has.Requests[i].Label()))
	}
	waiting := slices.DeleteFunc(slices.Clone(has.Requests), func(r Request) bool { return r.State != RequestPending || r.Unlisted == "" })
	if len(waiting) >= MaxUnlistedWaiting {
		return Refuse(TooLate, "unlisted", fmt.Sprintf("%d requests for things outside the catalogue wait for IT already. Please wait for an answer, or withdraw some.", len(waiting)))
	}
	return a.checkReason()
}

// route is the way to a yes. What isn't in the catalogue has no route there: IT,
// who decide where nobody else can, are asked.
func (a Ask) route(c *catalog.Catalog, judged catalog.Judgement) (catalog.Route, error) {
	if a.Unlisted != "" {
		return catalog.Route{Stages: []catalog.Stage{{}}}, nil
	}
	_, role, _ := c.Role(a.App, a.Role)
	if _, ok := c.Route(role.Route); !ok {
		return catalog.Route{}, Refuse(Invalid, "role", "This role has no approval route at the moment. IT has to fix the catalogue first.")
	}
	return judged.Route, nil
}

// Objection refuses what somebody may not hold, what needs something else first,
// and what they have or have asked for already.
func (a Ask) Objection(c *catalog.Catalog, has Standings) error {
	a.Beside = has
	who, appID, roleID := a.Beneficiary, a.App, a.Role
	app, role, known := c.Role(appID, roleID)
	if err := inAudience(who, app, role); err != nil {
		return err
	}
	if known {
		if err := a.refusedBy(c, a.Judge(c), app, role); err != nil {
			return err
		}
	}
	for _, r := range has.Requests {
		if r.State == RequestPending && r.App == appID && r.Role == roleID && r.Beneficiary == who.ID {
			return Refuse(Duplicate, "role", fmt.Sprintf("%s · %s is already asked for (%s) and waits for a decision.", app.Name, role.Name, r.Label()))
		}
	}
	for _, g := range has.Grants {
		if g.Live() && g.Source == SourceBirthright && g.Ends.IsZero() && g.App == appID && g.Role == roleID && g.Person == who.ID {
			return Refuse(Duplicate, "role", fmt.Sprintf("%s · %s comes with who somebody is, and is already there or on its way. It lasts as long as that.", app.Name, role.Name))
		}
		if g.Live() && g.Source != SourceAdopted && g.App == appID && g.Role == roleID && g.Person == who.ID {
			return Refuse(Duplicate, "role", fmt.Sprintf("%s · %s is already there or on its way. Extend it instead of asking again.", app.Name, role.Name))
		}
	}
	if err := stillEnding(who.ID, app, role, has); err != nil {
		return err
	}
	return a.prerequisites(c, app, role)
}

// Objection refuses what a waiting request asks for where it may not be given any
// more, whoever says yes: the role is gone, its holder may not hold it by now, or
// lost what it needs. requester and holder, who gets it, are as they are at this moment.
func (r Request) Objection(c *catalog.Catalog, requester, holder Person, around Circumstances, has Standings) error {
	if r.Unlisted != "" {
		return nil
	}
	app, role, offered := c.Role(r.App, r.Role)
	switch {
	case !offered || !app.Offered():
		return Refuse(Unknown, "role", "This role isn't offered any more, so it can't be given.")
	case !holder.Offboarded.IsZero():
		return offboarded(holder)
	case holder.Standing == Suspended || holder.Standing == Left:
		return Refuse(NotAllowed, "person", "The account of "+holder.Display()+" isn't active any more, so it can't get access.")
	}
	if err := inAudience(holder, app, role); err != nil {
		return err
	}
	ask := again(r, requester, holder, around)
	ask.Beside = ask.besides(has)
	if err := ask.ofOthers().refusedBy(c, ask.Judge(c), app, role); err != nil {
		return err
	}
	return ask.prerequisites(c, app, role)
}

// offboarded refuses access for somebody whose access IT ended, all of it.
func offboarded(who Person) error {
	return Refuse(NotAllowed, "person", "IT ended everything that "+who.Display()+" has, so they can't get access until IT takes that back.")
}

// stillEnding refuses a role that is just being taken away from somebody, where it
// can be held for so long and no longer: given again now it would not be gone in
// between, as often as they ask.
func stillEnding(who PersonID, app catalog.App, role catalog.Role, has Standings) error {
	if role.Durations.Max == catalog.Forever {
		return nil
	}
	ends := func(g Grant) bool {
		return g.State != GrantEnded && !g.Live() && g.Source != SourceAdopted && g.Person == who && g.App == app.ID && g.Role == role.ID
	}
	if !slices.ContainsFunc(has.Grants, ends) {
		return nil
	}
	return Refuse(TooLate, "role", fmt.Sprintf("%s · %s is just being taken away. It can be held for %s at most, so ask for it again once it is gone.", app.Name, role.Name, catalog.FormatDuration(role.Durations.Max)))
}

func inAudience(who Person, app catalog.App, role catalog.Role) error {
	if role.For.Admits(who.Department, who.MeantByOneOf) {
		return nil
	}
	return Refuse(NotAllowed, "role", fmt.Sprintf("%s · %s is only for %s. Choose another role, or ask IT.", app.Name, role.Name, role.For))
}

// checkStart refuses a beginning that is past or too far away.
func (a Ask) checkStart(at time.Time) error {
	switch {
	case a.Starts.IsZero():
		return nil
	case !a.Starts.After(at):
		return Refuse(Invalid, "starts", "That is past. Please choose a moment to come, or none to begin as soon as there is a yes.")
	case a.Starts.Sub(at) > StartsAhead:
		return Refuse(Invalid, "starts", fmt.Sprintf("That is more than %s from now. Please ask for it later.", catalog.FormatDuration(StartsAhead)))
	}
	return nil
}
