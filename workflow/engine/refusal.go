package engine

import (
	"context"
	"fmt"

	"latchkey/access"
)

// LogRefusal writes it into the log when somebody was refused, and returns the
// error as it is. What can be put right in a form is no refusal. A line that
// can't be written is only told to the operator: the refusal stands either way.
// The request may be empty, or one that isn't known.
func (s *Units) LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error {
	r, refused := access.AsRefusal(err)
	if !refused || r.Reason == access.Invalid {
		return err
	}
	text := fmt.Sprintf("Refused to %s: %s", what, r.Sentence)
	failed := s.Update(context.WithoutCancel(ctx), func(u *Unit) error {
		e := access.Event{Kind: access.EventNote, At: u.At, Actor: by}
		if request != "" {
			if known, err := u.Request(request); err == nil {
				e = known.Event(access.EventNote, by, u.At)
			}
		}
		e.Note = text
		_, err := u.Append(e)
		return err
	})
	if failed != nil {
		s.log.ErrorContext(ctx, "a refusal could not be logged", "request", request, "refusal", text, "error", failed)
	}
	return err
}
