package modals

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// leftOut is said of what a bundle holds and the person has.
const leftOut = "Left out: it is there or asked for already."

// changed redraws the form after a choice, in place, with what the person has
// typed kept. It happens after the ack: nothing is decided by it.
func (m *RequestForm) changed(_ context.Context, in payload.Interaction, a payload.Action) error {
	if !m.latest.note(in.View.ID, a.TS) {
		return nil
	}
	f := formOf(m.catalog(), in.View)
	switch a.ID {
	case actionMore:
		wanted, err := wantedOf(f, in.View.State.Values)
		if err != nil || f.App == "" || len(f.Cart) >= maxCart {
			return nil
		}
		f = f.add(wanted)
	case actionLess:
		f = f.remove(a.Value)
	case actionOther:
		f.Other = true
	case actionLater:
		f.Later = true
	}
	f = f.settled()
	m.respond.Later("redraw the request form", func(ctx context.Context) error {
		refusal, err := m.findObjections(ctx, in.User.ID, in.View.State.Values.User(blockPerson, actionPerson), &f)
		if err != nil {
			m.log.WarnContext(ctx, "Couldn't look for objections to a request", "error", err)
		}
		return m.show(ctx, in.User.ID, in.View, a.TS, f, refusal)
	})
	return nil
}

// findObjections notes on the form what would be refused: some of the choices, or
// the person asked for. Where whoever asks may not ask at all, it returns why.
func (m *RequestForm) findObjections(ctx context.Context, user, other string, f *form) (refused string, err error) {
	p, err := m.people.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return refusal.Sentence, nil
	}
	if err != nil {
		return "", err
	}
	beneficiary := p
	if f.Other && other != "" {
		beneficiary, err = m.people.Member(ctx, other)
		if refusal, ok := access.AsRefusal(err); ok {
			f.Person = refusal.Sentence
			return "", nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", m.objectTo(ctx, p, beneficiary, f)
}

// objectTo notes what stands against each choice. What stands against the person
// it is for is said once.
func (m *RequestForm) objectTo(ctx context.Context, by, beneficiary access.Person, f *form) error {
	items := f.items(m.catalog(), f.length(m.catalog()))
	if len(items) == 0 {
		return nil
	}
	found, err := m.submit.Objections(ctx, by, beneficiary, choices(items))
	if err != nil {
		return err
	}
	f.judge(m.catalog(), m.submit.Judgement(ctx, by, beneficiary, requests.Choice{RoleRef: catalog.RoleRef{App: f.App, Role: f.Role}, Wanted: f.length(m.catalog())}))
	f.Objections = map[string]string{}
	for i, refusal := range found {
		switch {
		case refusal == nil || items[i].Role == "" && refusal.Field == "role":
		case refusal.Field == "person":
			f.Person = refusal.Sentence
		case items[i].Bundled && refusal.Reason == access.Duplicate:
			f.Objections[items[i].String()] = leftOut
		default:
			f.Objections[items[i].String()] = refusal.Sentence
		}
	}
	return nil
}

// judge notes what the policy says of the role that is chosen.
func (f *form) judge(c *catalog.Catalog, j catalog.Judgement) {
	_, role, chosen := c.Role(f.App, f.Role)
	if f.Judged, f.Most = nil, 0; !chosen || len(j.Clauses) == 0 {
		return
	}
	if f.Judged = &j; j.Durations.Max != role.Durations.Max {
		f.Most = j.Durations.Max
	}
}

// show updates the open view. Slack refuses an update made for an older
// state of the view; then the newest choice is shown all the same.
func (m *RequestForm) show(ctx context.Context, user string, v payload.View, ts string, f form, refusal string) error {
	m.inform(ctx, &f)
	next := f.view(m.shownTo(ctx, user))
	if refusal != "" {
		next = blocks.Notice(manifest.RequestTitle, refusal)
	} else if !m.latest.is(v.ID, ts) {
		return nil
	}
	err := m.respond.Update(ctx, next, v.Hash, v.ID)
	if webapi.Code(err) == "hash_conflict" && (refusal != "" || m.latest.is(v.ID, ts)) {
		err = m.respond.Update(ctx, next, "", v.ID)
	}
	switch webapi.Code(err) {
	case "not_found", "hash_conflict": // closed, or submitted, in the meantime
		return nil
	}
	return err
}

// choose puts an app into a form that lies under another view, with what was
// typed into it kept.
func (m *RequestForm) choose(root, metadata, app string) {
	c := m.catalog()
	f := formOf(c, payload.View{Metadata: metadata})
	f.App, f.Most, f.Turn = app, 0, f.Turn+1
	if a, ok := c.App(app); ok {
		f.Role = onlyRole(a)
	}
	m.respond.Later("put an app into the form", func(ctx context.Context) error {
		m.inform(ctx, &f)
		err := m.respond.Update(ctx, f.view(c), "", root)
		if webapi.Code(err) == "not_found" {
			return nil
		}
		return err
	})
}

// become turns an open view into the form.
func (m *RequestForm) become(in payload.Interaction, f form) {
	m.respond.Later("turn a view into the request form", func(ctx context.Context) error {
		m.inform(ctx, &f)
		refusal, err := m.findObjections(ctx, in.User.ID, "", &f)
		v := f.view(m.shownTo(ctx, in.User.ID))
		if refusal != "" {
			v = blocks.Notice(manifest.RequestTitle, refusal)
		}
		shown := m.respond.Update(ctx, v, "", in.View.ID)
		if webapi.Code(shown) == "not_found" {
			shown = nil // it was closed meanwhile
		}
		return errors.Join(err, shown)
	})
}
