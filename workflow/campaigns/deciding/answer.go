package deciding

import (
	"context"
	"maps"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// answersAtOnce is how many answers are taken in one unit of work: few enough that nobody's click waits behind them.
const answersAtOnce = 100

// Answer takes what a reviewer says of rows. What it returns is committed: who may answer was found at this moment, and
// rows of which they may not say anything are named with the reason, beside those that count. An answer that says what was
// said before changes nothing.
func (s *Service) Answer(ctx context.Context, by access.Actor, campaign string, answers []Answer) (Answered, error) {
	return s.AnswerOnce(ctx, by, campaign, answers, Once{})
}

// Once is about answers that may be delivered more than once.
type Once struct {
	First func(*engine.Unit) (bool, error)   // tells whether they are to be taken; nil: they are
	Then  func(*engine.Unit, Answered) error // hears what came of them, in the same unit of work; nil: nobody does
}

// AnswerOnce is Answer for what may be delivered twice. There may be answersAtOnce of them: what is noted of them is noted
// together with all of them.
func (s *Service) AnswerOnce(ctx context.Context, by access.Actor, campaign string, answers []Answer, o Once) (Answered, error) {
	ctx = s.units.Holding(ctx)
	out := Answered{Refused: map[int]error{}}
	caller, err := s.authority.CallerNow(ctx, by)
	for some := range slices.Chunk(answers, answersAtOnce) {
		if err == nil {
			err = s.answerSome(ctx, caller, campaign, some, o, &out)
		}
	}
	if err == nil {
		_ = s.units.LogRefusal(ctx, "", by, "answer a row of a review", first(out.Refused)) // it is told beside what counts
	}
	return out, s.units.LogRefusal(ctx, "", by, "answer a review", err)
}

// first is the refusal of the first of some rows; nil if none was refused.
func first(refused map[int]error) error {
	if len(refused) == 0 {
		return nil
	}
	return refused[slices.Min(slices.Collect(maps.Keys(refused)))]
}

func (s *Service) answerSome(ctx context.Context, caller people.Caller, campaign string, some []Answer, o Once, out *Answered) error {
	var now access.Worklist
	refused := map[int]error{}
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		clear(refused)
		c, err := s.campaign(u, campaign)
		if err == nil {
			err = answerable(c.Campaign, people.StillHere(u, caller.Person))
		}
		if err != nil {
			return err
		}
		if o.First != nil {
			if first, err := o.First(u); err != nil || !first {
				return err
			}
		}
		st, err := c.stands(caller.Person, u.At)
		if err != nil {
			return err
		}
		a := answering{s, u, c, caller, st, Counts(u)}
		for _, one := range some {
			err := a.row(one)
			if _, is := access.AsRefusal(err); is {
				refused[one.Row] = err
			} else if err != nil {
				return err
			}
		}
		if now, err = a.done(); err == nil && o.Then != nil {
			err = o.Then(u, Answered{now, refused})
		}
		return err
	})
	if err == nil {
		out.Worklist = now
		maps.Copy(out.Refused, refused)
	}
	return err
}

// answerable refuses answers where none counts.
func answerable(c access.Campaign, here error) error {
	switch {
	case here != nil:
		return here
	case c.State == access.CampaignOpen && !c.Answers():
		return access.Refuse(access.TooLate, "", "The time to answer is over; what follows of it is being done.")
	case !c.Answers():
		return access.Refuse(access.TooLate, "", c.State.Unmoved())
	}
	return nil
}

// answering is one reviewer who answers rows, in one unit of work.
type answering struct {
	s      *Service
	u      *engine.Unit
	c      reviewed
	caller people.Caller
	st     standing
	counts *Counting
}

// row takes one answer.
func (a answering) row(one Answer) error {
	row, err := a.c.Rows.Row(one.Row)
	if err != nil {
		return rows.UnlessKnown(err, one.Row)
	}
	before, kept, err := a.c.Item(a.u, row)
	if err == nil && kept {
		before, err = a.c.InStage(a.u, row, before)
	}
	if err == nil {
		err = a.may(row, before)
	}
	if err != nil {
		return err
	}
	whose := a.st.inPlaceOf(before)
	said, ok := before.AnswerOf(orSelf(whose, a.caller.Person), before.Stage)
	if same(said, ok, one) {
		return nil
	}
	if ok && !one.Written.IsZero() && said.At.After(one.Written) {
		return access.Refuse(access.TooLate, "", "It was answered since, at "+access.FullMoment(said.At)+".")
	}
	now, err := engine.Move(a.u, rows.Items(), before, a.event(before, row, one, whose))
	if err != nil {
		return err
	}
	if err := a.counts.row(before, now); err != nil {
		return err
	}
	if err := a.counts.heard(now, orSelf(whose, a.caller.Person), one); err != nil {
		return err
	}
	return a.handOn(row, now)
}

// may refuses an answer that this reviewer can't give, by the one function that says who may do what.
func (a answering) may(row rows.Row, i access.ReviewItem) error {
	switch {
	case row.Excluded != "":
		return access.Refuse(access.NotAllowed, "", "This row is left out of the review: "+row.Excluded)
	case a.c.ToIT > 0 && i.LeftToIT == "":
		return access.Refuse(access.TooLate, "", "The time to answer this row is over.")
	}
	holder, err := people.In(a.u.Tx, row.Person)
	if err != nil {
		return err
	}
	return a.s.authority.May(a.caller, people.ActAnswerRow, people.Matter{App: row.App, Holder: holder, Reviewers: a.st.among(i.Reviewers), For: a.st.inPlaceOf(i)})
}

// event is what is written of an answer.
func (a answering) event(i access.ReviewItem, row rows.Row, one Answer, whose access.PersonID) access.Event {
	e := i.Event(access.EventRowAnswered, a.caller.Actor, a.u.At)
	e.Reason, e.For, e.Origin = strings.TrimSpace(one.Reason), whose, one.Origin
	e.Review.Decision, e.Review.Took, e.Review.Bulk, e.Review.Recommended = one.Decision, one.Took, one.Bulk, row.Recommended
	if from := a.st.from[whose]; whose != "" && from != "" {
		e.Delegates = []access.Delegate{{Who: a.caller.Person, For: from}}
	}
	return e
}

// handOn gives a row to others of which all say that it isn't theirs.
func (a answering) handOn(row rows.Row, i access.ReviewItem) error {
	all := !slices.ContainsFunc(i.Reviewers, func(who access.PersonID) bool {
		said, ok := i.AnswerOf(who, i.Stage)
		return !ok || said.Decision != access.DecisionNotMine
	})
	if !all || i.State != access.ItemOpen {
		return nil
	}
	others, err := a.s.others(a.u, a.c.Campaign, i)
	if err != nil || len(others) == 0 {
		return err
	}
	return Reassign(a.u, a.counts, i, Handing{To: others, AnyOne: true, By: access.System(), Why: "Whoever was asked says that it isn't theirs."})
}

// done stores how far the reviewer is. When nothing is left for anybody, the time until nobody can take an answer back
// any more begins.
func (a answering) done() (access.Worklist, error) {
	if err := a.counts.Save(); err != nil {
		return access.Worklist{}, err
	}
	st, err := a.c.stands(a.caller.Person, a.u.At)
	if err != nil {
		return access.Worklist{}, err
	}
	mine := st.together(a.c.Campaign)
	if mine.Left() > 0 {
		return mine, nil
	}
	left, err := anythingLeft(a.u.Tx, a.c.Campaign)
	if err != nil || left {
		return mine, err
	}
	c := a.c.Campaign
	c.AllSaid = a.u.At
	return mine, engine.Save(a.u, rows.Campaigns(), &c)
}

// anythingLeft tells whether a row waits for anybody's answer.
func anythingLeft(tx store.Tx, c access.Campaign) (bool, error) {
	some, damage, err := store.Sound(store.WorklistsOpen(tx, c.ID, rows.ListOf(c), "", 1))
	return len(some)+len(damage) > 0, err
}

func orSelf(whose, self access.PersonID) access.PersonID {
	if whose == "" {
		return self
	}
	return whose
}

// same tells whether an answer says what was said before.
func same(said access.ReviewAnswer, ok bool, one Answer) bool {
	if !ok {
		return one.Decision == access.DecisionNone
	}
	reason := strings.TrimSpace(one.Reason)
	return said.Decision == one.Decision && (reason == "" || reason == said.Reason) && (one.Bulk || !said.Bulk)
}
