package modals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// What is said under a field of the form.
const (
	rolesLoading = "The roles of this app were still loading. Please choose one."
	restLoading  = "The rest of the form was still loading. Please look at it, and ask once more."
	allHeld      = "All of this is there or asked for already."
)

// lookWait is how long the ack of a form that leads on waits for what stands against what was chosen. Slack waits
// three seconds for an ack.
const lookWait = time.Second

// submitted commits what the form asks for. The view's id keys the
// submission, so a second delivery makes no second request.
func (m *RequestForm) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	c := m.catalog()
	f := formOf(c, in.View)
	if problem := f.gone(c); problem != "" {
		return payload.FieldError(f.blockApp(), problem)
	}
	if f.Leads {
		return m.goOn(ctx, in, f)
	}
	_, bundled := bundleOf(c, f.App)
	if f.App != "" && !bundled && (f.Picked || in.View.State.Values[f.blockRole()] == nil) {
		return m.showRoles(in, f)
	}
	items, made, err := m.commit(ctx, in, f)
	if err != nil {
		return payload.Ack(slack.NewErrorsViewSubmissionResponse(m.errors(ctx, in, f, items, err)))
	}
	m.latest.finish(in.View.ID)
	return payload.ReplaceView(asked(c, made))
}

// goOn shows what comes next of a form whose button leads on, with what stands against it. What isn't found out in
// time for the ack is shown when it is known.
func (m *RequestForm) goOn(ctx context.Context, in payload.Interaction, f form) ([]byte, error) {
	at := f.blockApp()
	f = f.settled()
	f.Reason = reasonIn(in)
	soon, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	m.inform(soon, &f)
	refusal, err := m.findObjections(soon, in.User.ID, in.View.State.Values.User(blockPerson, actionPerson), &f)
	if refusal != "" {
		return payload.ReplaceView(blocks.Notice(manifest.RequestTitle, refusal))
	}
	if err != nil {
		m.lookAgain(in, f)
	}
	return m.inAck(in, f.view(m.shownTo(soon, in.User.ID)), at)
}

// lookAgain finds out what stands against what is chosen behind an ack that couldn't wait for it, and shows it,
// unless something else was chosen meanwhile.
func (m *RequestForm) lookAgain(in payload.Interaction, f form) {
	ts := m.latest.of(in.View.ID)
	m.respond.Later("look for objections to a request", func(ctx context.Context) error {
		refusal, err := m.findObjections(ctx, in.User.ID, in.View.State.Values.User(blockPerson, actionPerson), &f)
		if err != nil {
			return err
		}
		return m.show(ctx, in.User.ID, in.View, ts, f, refusal)
	})
}

// showRoles shows the roles that weren't there yet when the form was submitted.
func (m *RequestForm) showRoles(in payload.Interaction, f form) ([]byte, error) {
	at := f.blockApp()
	f.Hint = rolesLoading
	if f.Picked {
		f = f.settled()
		f.Hint = restLoading
	}
	return m.inAck(in, f.view(m.catalog()), at)
}

// inAck shows a form as the answer to its submission. One that is too long for an ack comes behind it: the ack would go
// out without it, and close the form as if the request was made.
func (m *RequestForm) inAck(in payload.Interaction, v slack.ModalViewRequest, at string) ([]byte, error) {
	out, err := payload.ReplaceView(v)
	if err != nil || len(out) <= payload.MaxAck {
		return out, err
	}
	m.respond.Later("show the roles of an app", func(ctx context.Context) error { return m.respond.Update(ctx, v, "", in.View.ID) })
	return payload.FieldError(at, rolesLoading)
}

// gone says what can't be asked for any more.
func (f form) gone(c *catalog.Catalog) string {
	if f.App == "" && len(f.Cart) == 0 {
		return appGone
	}
	if _, ok := bundleOf(c, f.App); ok || f.App == "" {
		return ""
	}
	if app, known := c.App(f.App); !known || !app.Offered() {
		return appGone
	}
	return ""
}

func (m *RequestForm) commit(ctx context.Context, in payload.Interaction, f form) ([]item, []access.Request, error) {
	by, err := m.respond.Person(ctx, in, "", "ask for access")
	if err != nil {
		return nil, nil, err
	}
	beneficiary, err := m.beneficiary(ctx, f, in.View.State.Values, by)
	if err != nil {
		return nil, nil, err
	}
	wanted, err := wantedOf(f, in.View.State.Values)
	if err != nil {
		return nil, nil, err
	}
	items, err := m.withoutHeld(ctx, by, beneficiary, f.items(m.catalog(), wanted))
	if err != nil {
		return items, nil, err
	}
	subs := make([]requests.Submission, len(items))
	for i, it := range items {
		subs[i] = requests.Submission{
			ID: in.View.ID, By: by, For: beneficiary.ID, App: it.App, Role: it.Role, Wanted: it.Wanted, Usual: it.Bundled,
			Starts: in.View.State.Values.Moment(blockStarts, actionStarts), Reason: reasonIn(in), Conversation: f.Conversation, Via: access.ViaSlack,
		}
	}
	made, err := m.submit.SubmitAll(ctx, subs)
	return items, made, m.respond.LogRefusal(ctx, "", access.Actor{Person: by.ID, Via: access.ViaSlack, Account: in.User.ID}, "ask for access", err)
}

// beneficiary is who the access is for.
func (m *RequestForm) beneficiary(ctx context.Context, f form, v payload.Values, by access.Person) (access.Person, error) {
	id := v.User(blockPerson, actionPerson)
	if !f.Other || id == "" {
		return by, nil
	}
	p, err := m.people.Beneficiary(ctx, id)
	switch {
	case err != nil || p.ID != "":
	case p.Email == "":
		err = access.Refuse(access.NotAllowed, "person", "I can't tell who that is: their Slack profile shows no e-mail address.")
	default:
		err = access.Refuse(access.NotAllowed, "person", "Access can only be asked for people with an active account.")
	}
	return p, err
}

// withoutHeld leaves out what a bundle holds and the person has, and what is on the
// form twice.
func (m *RequestForm) withoutHeld(ctx context.Context, by, beneficiary access.Person, items []item) ([]item, error) {
	if !slices.ContainsFunc(items, func(it item) bool { return it.Bundled }) {
		return items, nil
	}
	found, err := m.submit.Objections(ctx, by, beneficiary, choices(items))
	if err != nil {
		return items, err
	}
	var out []item
	for i, it := range items {
		held := found[i] != nil && found[i].Reason == access.Duplicate
		twice := slices.ContainsFunc(items, func(o item) bool { return !o.Bundled && o.RoleRef == it.RoleRef }) ||
			slices.ContainsFunc(out, func(o item) bool { return o.RoleRef == it.RoleRef })
		if it.Bundled && (held || twice) {
			continue
		}
		out = append(out, it)
	}
	if len(out) == 0 {
		return items, access.Refuse(access.Duplicate, "app", allHeld)
	}
	return out, nil
}

// errors puts what went wrong under the field it is about. Slack takes
// errors only for inputs that are on the form.
func (m *RequestForm) errors(ctx context.Context, in payload.Interaction, f form, items []item, err error) map[string]string {
	refusal, ok := access.AsRefusal(err)
	if !ok {
		m.log.ErrorContext(ctx, "A request couldn't be committed", "error", err)
		return map[string]string{blockReason: respond.NotSaved(err)}
	}
	block := map[string]string{
		"role": f.blockRole(), "duration": f.blockTime(), "reason": blockReason, "person": blockPerson, "starts": blockStarts,
	}[refusal.Field]
	sentence := refusal.Sentence
	var one *requests.Refused
	if errors.As(err, &one) && one.Item < len(items) && !items[one.Item].Current && refusal.Field != "reason" && refusal.Field != "person" && refusal.Field != "starts" {
		what := cards.RoleName(m.catalog(), items[one.Item].RoleRef)
		if block = ""; !strings.HasPrefix(sentence, what) {
			sentence = what + ": " + sentence
		}
	}
	if in.View.State.Values[block] == nil {
		block = f.blockApp()
	}
	asks, _ := m.people.Who(ctx, in.User.ID) // whoever isn't known has no zone
	return map[string]string{block: blocks.Clip(blocks.InZone(sentence, asks.TimeZone), blocks.MaxErrorText)}
}

// asked is what the form turns into.
func asked(c *catalog.Catalog, made []access.Request) slack.ModalViewRequest {
	var lines []string
	for _, r := range made[:min(len(made), 20)] {
		ref := catalog.RoleRef{App: r.App, Role: r.Role}
		lines = append(lines, "*"+blocks.Escape(blocks.Or(r.Unlisted, cards.RoleName(c, ref)), 100)+"* "+blocks.ForHow(r.Wanted))
	}
	v := blocks.Modal("Asked", "", "Close", blocks.Section(strings.Join(lines, "\n")), blocks.Section(whatNext(made)))
	v.ClearOnClose = true // there may be an older form below
	return v
}

// whatNext says what happens to what was asked for, of which some may need no yes.
func whatNext(made []access.Request) string {
	waiting := 0
	for _, r := range made {
		if r.State == access.RequestPending {
			waiting++
		}
	}
	switch {
	case waiting == 0 && !made[0].Starts.IsZero():
		return "Nobody has to be asked for this. It begins " + blocks.When(made[0].Starts) + ", and the direct message I send you shows when it is there."
	case waiting == 0:
		return "Nobody has to be asked for this. It is set up once its ticket is written, and the direct message I send you shows when it is there."
	case len(made) == 1:
		return "I'm asking those who may approve it. The direct message I send you always shows where it stands."
	case waiting < len(made):
		return "I'm asking those who may approve what needs a yes; the rest is set up once its ticket is written. The direct messages I send you always show where they stand."
	}
	return "I'm asking those who may approve each of them. The direct messages I send you always show where they stand."
}
