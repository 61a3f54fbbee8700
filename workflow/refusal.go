package workflow

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
)

// Turned writes it into the log when somebody was refused, and returns the error
// as it is. What can be put right in a form is no refusal. A line that can't be
// written is only told to the operator: the refusal stands either way. The
// request may be empty, or one that isn't known.
func (s *Service) Turned(ctx context.Context, request string, by access.Actor, what string, err error) error {
	r, refused := access.AsRefusal(err)
	if !refused || r.Reason == access.Invalid {
		return err
	}
	text := fmt.Sprintf("Refused to %s: %s", what, r.Sentence)
	failed := s.update(context.WithoutCancel(ctx), func(st *step) error {
		e := access.Event{Kind: access.EventNote, At: st.at, Actor: by}
		if known, err := store.Request(st.tx, request); err == nil && request != "" {
			e = known.Event(access.EventNote, by, st.at)
		}
		e.Note = text
		return st.carry(e, nil)
	})
	if failed != nil {
		s.log.ErrorContext(ctx, "a refusal could not be logged", "request", request, "by", by.Person, "refusal", text, "error", failed)
	}
	return err
}
