package engine

import (
	"context"

	"latchkey/access"
)

// LogRefusal writes it into the log when somebody was refused, and returns the
// error as it is. What can be put right in a form is no refusal. Who is refused the
// same again and again is counted, not written down each time. A line that
// can't be written is only told to the operator: the refusal stands either way.
// The request may be empty, or one that isn't known.
func (s *Units) LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error {
	r, refused := access.AsRefusal(err)
	if !refused || r.Reason == access.Invalid {
		return err
	}
	failed := s.Update(context.WithoutCancel(ctx), func(u *Unit) error {
		e := access.Event{Kind: access.EventNote, At: u.At, Actor: by}
		if request != "" {
			if known, err := u.Request(request); err == nil {
				e = known.Event(access.EventNote, by, u.At)
			}
		}
		told, err := u.Repeats(by, e.About(), "refused to "+what)
		if err != nil || !told.Worth {
			return err
		}
		e.Note = told.Repeated("Refused to "+what) + ": " + r.Sentence
		_, err = u.Append(e)
		return err
	})
	if failed != nil {
		s.log.ErrorContext(ctx, "a refusal could not be logged", "request", request, "refused_to", what, "because", r.Sentence, "error", failed)
	}
	return err
}

// RefusedLately gives the last refusal again to whoever was refused the same, of a
// request as it stands, several times in the last minute; otherwise nothing.
func (s *Units) RefusedLately(request string, by access.Actor, what string) error {
	if r := s.throttle.answer(refusalOf(by, request, what), s.Now()); r != nil {
		return r
	}
	return nil
}

// NoteRefusal notes that somebody was refused, if that is what the error says, and
// returns it as it is.
func (s *Units) NoteRefusal(request string, by access.Actor, what string, err error) error {
	if r, refused := access.AsRefusal(err); refused {
		s.throttle.note(refusalOf(by, request, what), r, s.Now())
	}
	return err
}
