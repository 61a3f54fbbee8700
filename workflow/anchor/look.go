package anchor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/requests"
)

// surveyTime bounds how long it is found out what an older store may still end.
const surveyTime = 2 * time.Minute

// Look compares the store with the newest that is anchored, and acts on what it
// finds.
func (s *Service) Look(ctx context.Context) error {
	l, c, err := s.compare(ctx, false)
	if err != nil {
		return err
	}
	s.weigh(&l)
	s.seek(ctx)
	if err := s.act(ctx, l, c); err != nil {
		return err
	}
	if c.Standing != anchor.Older && c.Standing != anchor.Forked {
		if err := cmp.Or(l.jira, l.tooShort()); err != nil {
			return err
		}
	}
	s.compared.Store(true)
	return s.recall(ctx)
}

// Stand is how the store stands beside all that is anchored of its log.
func (s *Service) Stand(ctx context.Context) (anchor.Comparison, anchor.Reading, error) {
	l, c, err := s.compare(ctx, true)
	return c, l.reading, errors.Join(err, l.jira)
}

func (s *Service) compare(ctx context.Context, whole bool) (l look, c anchor.Comparison, err error) {
	if l, err = s.outside.read(ctx, whole); err != nil {
		return l, c, err
	}
	if err := s.outside.ask(ctx, &l, l.reading.Log); err != nil {
		return l, c, err
	}
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		upto, err := comparable(tx)
		if err != nil {
			return err
		}
		signing, err := store.LoadSigning(tx)
		if err == nil {
			c, err = anchor.Compare(tx, l.reading, upto, signing.Instance)
		}
		if err == nil {
			l.unfound, err = unfound(tx, l.newest())
		}
		return err
	})
	l.believe(&c)
	return l, c, err
}

// newest is the number of the newest note that was found.
func (l look) newest() uint64 {
	if last := l.reading.Last(); last != nil {
		return last.Heads.No
	}
	return 0
}

// believe takes in what witnesses say.
func (l look) believe(c *anchor.Comparison) {
	switch {
	case l.history != nil && c.Standing != anchor.Older:
		c.Standing = anchor.Forked
	case l.witness != nil && c.Standing != anchor.Forked && l.witness.Size > c.Size:
		c.Standing, c.Anchor = anchor.Older, l.witness
	}
}

// comparable is how much of the log can be compared: all, unless the store was found
// to be an older one, or was restored. What was written since stands at places that
// others may have given to something else.
func comparable(tx store.Tx) (uint64, error) {
	size, err := tx.Size()
	if err != nil {
		return 0, err
	}
	log, err := store.LogName(tx)
	if err != nil {
		return 0, err
	}
	for _, cause := range []string{store.QuarantineOlder, store.QuarantineRestored} {
		h, err := store.LoadQuarantine(tx, cause)
		if err := orAbsent(err); err != nil {
			return 0, err
		}
		if err == nil && h.Log == log {
			size = min(size, h.Size)
		}
	}
	return size, nil
}

// act holds new access back, or lets it go on.
func (s *Service) act(ctx context.Context, l look, c anchor.Comparison) error {
	s.tell(ctx, l)
	if c.Standing == anchor.Older || c.Standing == anchor.Forked || c.Standing == anchor.Twin {
		s.against.missed(s.units.Now())
	}
	switch c.Standing {
	case anchor.Older:
		if err := s.quarantine(ctx, store.QuarantineOlder, c); err != nil {
			return err
		}
		s.older.Store(true)
		return s.survey(ctx)
	case anchor.Forked:
		s.barred.Store(true)
		return s.quarantine(ctx, store.QuarantineFork, c)
	case anchor.Twin:
		s.barred.Store(true)
		return s.quarantine(ctx, store.QuarantineTwin, c)
	case anchor.Agrees:
		return s.agrees(ctx, l, c)
	}
	return s.unanchored(ctx, l)
}

// agrees lets go on what waited for the comparison, and numbers the next note behind
// the newest that is outside.
func (s *Service) agrees(ctx context.Context, l look, c anchor.Comparison) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		seen := fmt.Sprintf("The store was compared with what is anchored of it: %s of %s, and the first %d events agree.",
			c.Anchor.Where, access.FullMoment(c.Anchor.Dated()), c.Anchor.Size)
		over, err := s.over(u.Tx, l)
		if err != nil {
			return err
		}
		for _, cause := range over {
			if err := requests.EndQuarantine(u, cause, access.System(), seen); err != nil {
				return err
			}
		}
		now, err := store.LoadAnchoring(u.Tx)
		last := l.reading.Last()
		if err != nil || last == nil || now.Log == last.Log && now.No >= last.Heads.No {
			return err
		}
		now.Log, now.No, now.Sum, now.Made = last.Log, last.Heads.No, anchor.Sum(last.Text), last.Heads.At
		return store.PutAnchoring(u.Tx, &now)
	})
}

// over are the causes of quarantines that a look which agrees has ended. What spoke against this
// log may only be missing in one answer, so it has to be missing for a while; but a twin
// that was started before this process is over.
func (s *Service) over(tx store.Tx, l look) (over []string, err error) {
	signing, err := store.LoadSigning(tx)
	if err != nil || l.jira != nil || l.tooShort() != nil {
		return nil, err
	}
	var missed []string
	for _, cause := range []string{store.QuarantineRestored, store.QuarantineFork, store.QuarantineTwin} {
		h, err := store.LoadQuarantine(tx, cause)
		switch {
		case orAbsent(err) != nil:
			return nil, err
		case err != nil:
		case cause == store.QuarantineTwin && signing.Instance > h.Instance:
			over = append(over, cause)
		default:
			missed = append(missed, cause)
		}
	}
	return append(over, s.against.missed(s.units.Now(), missed...)...), nil
}

// unanchored notes that nothing was found outside. Where there should be something
// IT hears of it.
func (s *Service) unanchored(ctx context.Context, l look) error {
	if !l.gone {
		return nil
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		lines := append([]string{fmt.Sprintf("%d notes were posted, and none is found any more. They were looked for twice, minutes apart.", l.unfound.No)}, l.reading.Unread...)
		return notify.Alert(u, "anchor/none", "What is anchored of Latchkey's log can't be found", append(lines,
			"Find out who has removed them, or whether Latchkey may not see them any more. Nothing outside proves the log until the next note.")...)
	})
}

// tell tells IT, once a day, what was doubtful.
func (s *Service) tell(ctx context.Context, l look) {
	var lines []string
	lines = append(lines, l.reading.Doubts...)
	lines = append(lines, l.reading.Doubled()...)
	if l.reading.Newest() != nil { // if none is found at all, IT hears that: see unanchored
		lines = append(lines, l.lost...)
	}
	for _, f := range l.reading.Foreign {
		if now := s.units.Now(); now.Sub(f.Dated()) < 48*time.Hour && !f.Dated().IsZero() {
			lines = append(lines, fmt.Sprintf("Another Latchkey, with the log %s, writes with the same account (%s). Give each tokens of its own, or stop one.", f.Log, f.Where))
		}
	}
	for _, line := range lines {
		s.log.WarnContext(ctx, "what is anchored of the log is doubtful", "what", line)
	}
	if len(lines) == 0 || l.jira != nil {
		return
	}
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		return notify.Alert(u, "anchor/doubt", "Something about what is anchored of Latchkey's log is doubtful", lines...)
	})
	if err != nil {
		s.log.ErrorContext(ctx, "IT can't be told what is doubtful about the log", "error", err)
	}
}

// Ahead hears of an issue that holds more of a request than the store: either that is
// an older one, or another Latchkey has written.
func (s *Service) Ahead(ctx context.Context, a store.Ahead, instance uint64) error {
	s.log.WarnContext(ctx, "an issue holds more of a request than the store", "issue", a.Place.Key, "request", a.Subject, "events", a.N)
	err := s.finding(ctx, func(u *engine.Unit) error {
		signing, err := store.LoadSigning(u.Tx)
		if err != nil {
			return err
		}
		h, seen := store.Quarantine{Cause: store.QuarantineOlder}, fmt.Sprintf("The issue %s holds %d events of its request, and the store fewer.", a.Place.Key, a.N)
		if instance > signing.Instance {
			h.Instance = instance
			h.Cause, seen = store.QuarantineTwin, "Another Latchkey works on the same log: it was started later, and was seen in "+a.Place.Key+"."
		}
		h.Why = waits(h.Cause)
		if h.Log, err = store.LogName(u.Tx); err != nil {
			return err
		}
		if h.Size, err = u.Tx.Size(); err != nil {
			return err
		}
		if err := store.PutAhead(u.Tx, a); err != nil {
			return err
		}
		return requests.BeginQuarantine(u, h, append([]string{seen}, remedies(h)...)...)
	})
	if err != nil {
		return err
	}
	return s.recall(ctx)
}

// survey notes which stories Jira has more of.
func (s *Service) survey(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), surveyTime)
	defer cancel()
	l, err := s.outside.read(ctx, true)
	if err := errors.Join(err, l.jira); err != nil {
		return err // the lists are in Jira: without them nothing is known to be ahead
	}
	heads := l.reading.Heads()
	for after := ""; ; {
		var ahead []store.Ahead
		more := false
		err := s.units.View(ctx, func(tx store.Tx) (err error) {
			ahead, after, more, err = aheadOf(tx, heads, after)
			return err
		})
		if err != nil {
			return err
		}
		if err := s.units.Update(ctx, func(u *engine.Unit) error { return putAheads(u.Tx, ahead) }); err != nil || !more {
			return err
		}
	}
}

func putAheads(tx store.Tx, all []store.Ahead) error {
	for _, a := range all {
		if err := store.PutAhead(tx, a); err != nil {
			return err
		}
	}
	return nil
}

// aheadOf looks at some requests: those of which the heads know an event that is not
// here.
func aheadOf(tx store.Tx, heads evidence.Heads, after string) (out []store.Ahead, last string, more bool, err error) {
	const page = 500
	some, damage, err := store.Sound(store.AllRequests(tx, after, page))
	if err != nil {
		return nil, after, false, err
	}
	last = after
	for _, d := range damage {
		last = max(last, d.ID)
	}
	for _, r := range some {
		last = max(last, r.ID)
		about := access.RequestSubject(r.ID)
		head, known := heads.Of(about)
		if !known {
			continue
		}
		here, err := tx.Entries(store.Filter{Subject: about}, head.N-1, 1)
		if err != nil {
			return nil, last, false, err
		}
		if len(here) == 0 || !head.Is(here[0].Leaf) {
			out = append(out, store.Ahead{Subject: about, N: head.N, Place: r.Issue})
		}
	}
	return out, last, len(some)+len(damage) == page, nil
}
