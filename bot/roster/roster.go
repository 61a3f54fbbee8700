package roster

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
	"latchkey/workflow/people"
)

var (
	_ people.Roster     = (*Roster)(nil)
	_ people.BulkRoster = (*Roster)(nil)
	_ people.Exchange   = (*Roster)(nil)
)

// believedFor is how long what Slack said about a member is believed. Changes are
// usually heard of sooner, by user_change.
const believedFor = 5 * time.Minute

// Roster knows the members of the workspace.
type Roster struct {
	api *slack.Client
	now func() time.Time

	mu        sync.Mutex
	members   map[string]entry // by Slack id
	named     map[access.Email]string
	ids       exchange
	groups    handles
	forgets   uint64            // how often a member was forgotten
	dropped   map[string]uint64 // when a member was last, counted in forgets
	workspace workspace
	pinned    func(ctx context.Context, tenant string) error // refuses another workspace; nil: takes any
	// confirms: Slack says of somebody that their address is confirmed. The field is
	// in its examples, but nowhere explained; where nobody has it, it says nothing.
	confirms bool
}

type entry struct {
	person access.Person
	until  time.Time
}

// question is one to Slack that is under way. The answer is as old as the question,
// and is not kept if the member was forgotten since.
type question struct {
	begun   time.Time
	forgets uint64
}

// workspace is the one, or the organisation, that members belong to.
type workspace struct{ team, enterprise string }

// New makes a roster that reads the time from now, time.Now if nil.
func New(api *slack.Client, now func() time.Time) *Roster {
	if now == nil {
		now = time.Now
	}
	return &Roster{api: api, now: now, members: map[string]entry{}, named: map[access.Email]string{}, ids: newExchange(), dropped: map[string]uint64{}}
}

// Pin has every workspace refused that check refuses, by its id. It is to be called
// before anybody is looked up.
func (r *Roster) Pin(check func(ctx context.Context, tenant string) error) { r.pinned = check }

// Member finds a person by Slack id. Nobody there is a refusal with
// access.Unknown; other errors are *access.Failure.
func (r *Roster) Member(ctx context.Context, slackID string) (access.Person, error) {
	if p, ok := r.known(slackID); ok {
		return p, nil
	}
	q := r.begin()
	u, err := r.api.GetUserInfoContext(ctx, slackID)
	switch webapi.Code(err) {
	case "user_not_found", "user_not_visible", "users_not_found":
		return access.Person{}, access.Refuse(access.Unknown, "person", "I can't find that person in this workspace.")
	}
	if err != nil {
		return access.Person{}, webapi.Failure(err, webapi.Call{What: "look up a member in Slack", Scope: "users:read"})
	}
	if same, err := r.same(ctx, slackID, *u); err != nil {
		return access.Person{}, err
	} else if !same {
		return access.Person{}, &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf(
			"Slack was asked about the member %s and answered about %s: look for a proxy that keeps answers; it is asked again", slackID, u.ID)}
	}
	return r.remember(ctx, *u, q)
}

// MemberByEmail finds the one member with an e-mail address. Slack doesn't find
// deactivated people by address, so they are unknown here, as is who has an address
// that Slack only takes for the same. An answer about somebody else is none.
func (r *Roster) MemberByEmail(ctx context.Context, who access.Email) (access.Person, error) {
	r.mu.Lock()
	id := r.named[who]
	r.mu.Unlock()
	if p, ok := r.known(id); ok && p.Email == who {
		return p, nil
	}
	q := r.begin()
	u, err := r.api.GetUserByEmailContext(ctx, string(who))
	nobody := access.Refuse(access.Unknown, "person", "Nobody active in this Slack workspace has the address "+string(who)+".")
	switch webapi.Code(err) {
	case "users_not_found", "user_not_found":
		return access.Person{}, nobody
	}
	if err != nil {
		return access.Person{}, webapi.Failure(err, webapi.Call{What: "look up a member in Slack by e-mail", Scope: "users:read.email"})
	}
	switch shown := access.NewEmail(u.Profile.Email); {
	case shown == who:
		return r.remember(ctx, *u, q)
	case shown == "":
		return access.Person{}, &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf(
			"Slack found who has the address %s and doesn't show it, so it can't be told whether it is theirs: reinstall the app with the scope users:read.email", who)}
	case strings.EqualFold(lower(shown), lower(who)):
		return access.Person{}, nobody
	default:
		return access.Person{}, &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf(
			"Slack was asked who has the address %s and answered with somebody who has %s: look for a proxy that keeps answers; it is asked again", who, shown)}
	}
}

// lower is an address as a service may have it that folds every letter: Slack then
// finds whoever has the other one.
func lower(a access.Email) string { return strings.ToLower(string(a)) }

// ForgetMember drops what is known of a member, because it changed.
func (r *Roster) ForgetMember(slackID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgets++
	r.dropped[slackID] = r.forgets
	delete(r.members, r.ids.current(slackID))
}

func (r *Roster) begin() question {
	r.mu.Lock()
	defer r.mu.Unlock()
	return question{r.now(), r.forgets}
}

func (r *Roster) known(id string) (access.Person, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.members[r.ids.current(id)]
	if !ok || !r.now().Before(e.until) {
		return access.Person{}, false
	}
	return e.person, true
}

// remember turns Slack's user into a person and remembers it.
func (r *Roster) remember(ctx context.Context, u slack.User, q question) (access.Person, error) {
	at, err := r.hereWith(ctx, u)
	if err != nil {
		return access.Person{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.confirms = r.confirms || u.IsEmailConfirmed
	level := access.AssuranceChecked
	if r.confirms && !u.IsEmailConfirmed {
		level = access.AssuranceShown
	}
	p := personOf(u, at, level, r.now())
	id := idOf(u, at)
	if id != u.ID {
		r.ids.now[u.ID] = id
	}
	if max(r.dropped[u.ID], r.dropped[id], r.dropped[r.ids.former[id]]) > q.forgets {
		return p, nil
	}
	r.members[id] = entry{person: p, until: q.begun.Add(believedFor)}
	if p.Email != "" && p.MayAct() == nil { // a stranger may go by a colleague's address
		r.named[p.Email] = id
	}
	return p, nil
}

// hereWith is here, asked anew where a member shows that the workspace has joined an
// organisation since.
func (r *Roster) hereWith(ctx context.Context, u slack.User) (workspace, error) {
	at, err := r.here(ctx)
	org := u.Enterprise.EnterpriseID
	if err != nil || at.enterprise != "" || org == "" || u.TeamID != at.team && u.TeamID != org {
		return at, err
	}
	r.mu.Lock()
	r.workspace = workspace{}
	r.mu.Unlock()
	return r.here(ctx)
}

// here asks once which workspace the bot lives in.
func (r *Roster) here(ctx context.Context) (workspace, error) {
	r.mu.Lock()
	at := r.workspace
	r.mu.Unlock()
	if at.team != "" {
		return at, nil
	}
	who, err := r.api.AuthTestContext(ctx)
	if err != nil {
		return workspace{}, webapi.Failure(err, webapi.Call{What: "ask Slack which workspace this is"})
	}
	if r.pinned != nil {
		if err := r.pinned(ctx, who.TeamID); err != nil {
			return workspace{}, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.workspace = workspace{team: who.TeamID, enterprise: who.EnterpriseID}
	return r.workspace, nil
}
