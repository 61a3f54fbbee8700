package workflow

import (
	"context"
	"net/url"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// Link ties a request to the conversation it came up in. Those who asked, those
// who decide and IT can.
func (s *Service) Link(ctx context.Context, request, talk string, by access.Actor) error {
	if u, err := url.Parse(talk); err != nil || u.Scheme != "https" || u.Host == "" || len(talk) > 1000 {
		return access.Refuse(access.Invalid, "request", "That conversation has no address to link to.")
	}
	return s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, request)
		if err != nil {
			return notFound(err, "That request isn't known any more.")
		}
		if !s.takesPart(r, by.Person) {
			return access.Refuse(access.NotAllowed, "request", "Only those who asked, those who decide and IT can link a request.")
		}
		if r.Conversation == talk {
			return nil
		}
		r.Conversation = talk
		e := r.Event(access.EventNote, by, st.at)
		e.Note = "The request was linked to a conversation: " + talk
		return st.saveRequest(&r, e, []access.Effect{{Kind: access.EffectRecord}, {Kind: access.EffectShowCards}})
	})
}

func (s *Service) takesPart(r access.Request, who access.PersonID) bool {
	if who == r.Requester || who == r.Beneficiary || s.isAdmin(who) {
		return true
	}
	return slices.ContainsFunc(r.Stages, func(st access.Stage) bool { return slices.Contains(st.Asked, who) })
}
