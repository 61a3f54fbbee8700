package comments

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// Answers is where reviewers answer, whichever way they come.
type Answers interface {
	AnswerOnce(ctx context.Context, by access.Actor, campaign string, answers []deciding.Answer, o deciding.Once) (deciding.Answered, error)
	Waiting(ctx context.Context, by access.Actor, campaign string, after, limit int) (deciding.Page, error)
	Rows(ctx context.Context, who access.PersonID, campaign string, numbers []int) (deciding.Page, error)
}

// Config is what the room is made of.
type Config struct {
	Units   *engine.Units
	Answers Answers
	Decides bool   // decisions made in Jira count
	Command string // what people type in Slack
	Link    string // opens the bot in Slack; may be empty
}

// Service takes answers that are comments. It is safe for concurrent use.
type Service struct{ Config }

// New makes the room.
func New(c Config) *Service { return &Service{c} }

// Written is a comment on the issue of a campaign.
type Written struct {
	Campaign string
	Issue    access.Issue
	Comment  access.Comment
	By       access.Actor // without a person where nobody knows whose the account is
	Unknown  string       // and why nobody does
	Again    bool         // it was dealt with before, and has been changed since
	// First notes in a unit of work that the comment is dealt with, and tells whether that is news.
	First func(*engine.Unit) (bool, error)
}

// Take does what a comment says, and answers it. A comment that says nothing of the review is left alone.
func (s *Service) Take(ctx context.Context, m Written) error {
	w := parse(m.Comment.Text)
	switch {
	case !w.meant():
		return nil
	case m.Again:
		return s.refuse(ctx, m, changedSince)
	case m.Comment.Changed:
		return s.refuse(ctx, m, changed)
	case !s.Decides:
		return s.refuse(ctx, m, "Nothing that is written here decides anything: please answer in Slack.")
	case m.By.Person == "":
		return s.refuse(ctx, m, m.Unknown, fmt.Sprintf("If it is yours: type “%s connect %s” in Slack, write the code you get as a comment here, and then your answer once more.", s.Command, m.Issue.Key))
	case w.List:
		return s.list(ctx, m, w.After)
	}
	return s.answer(ctx, m, w)
}

// What is said of comments that somebody changed.
const (
	changed      = "This comment was changed after it was written, so it answers nothing: whoever changes a comment doesn't become its author. Please write a new one."
	changedSince = "This comment was changed after it was read. What was taken of it stands, and the change answers nothing. To answer anew, please write a new comment."
)

// answer has the lines of a comment answer their rows.
func (s *Service) answer(ctx context.Context, m Written, w words) error {
	var numbers []int
	var answers []deciding.Answer
	for _, l := range w.Lines {
		if l.Wrong == "" {
			numbers = append(numbers, l.Row)
			answers = append(answers, deciding.Answer{Row: l.Row, Decision: l.Decision, Reason: l.Reason, Written: m.Comment.At, Origin: fmt.Sprintf("jira/%s/%d", m.Issue.ID, m.Comment.ID)})
		}
	}
	page, err := s.Answers.Rows(ctx, m.By.Person, m.Campaign, numbers)
	if err != nil {
		return err
	}
	if len(answers) == 0 {
		return s.refuse(ctx, m, "Nothing of this could be read.", append(outcome(w, page, deciding.Answered{}), howTo)...)
	}
	_, err = s.Answers.AnswerOnce(ctx, m.By, m.Campaign, answers, deciding.Once{
		First: func(u *engine.Unit) (bool, error) { return s.first(u, m) },
		Then: func(u *engine.Unit, out deciding.Answered) error {
			return s.reply(u, m, title(len(answers), out), append(outcome(w, page, out), after(page.Campaign, out)...)...)
		},
	})
	if r, refused := access.AsRefusal(err); refused {
		return s.refuse(ctx, m, r.Sentence)
	}
	return err
}

// list says which rows wait for whoever wrote the comment.
func (s *Service) list(ctx context.Context, m Written, behind int) error {
	page, err := s.Answers.Waiting(ctx, m.By, m.Campaign, behind, listed)
	if r, refused := access.AsRefusal(err); refused {
		return s.refuse(ctx, m, r.Sentence)
	}
	if err != nil {
		return err
	}
	head, lines := listOf(page)
	return s.refuse(ctx, m, head, lines...)
}

// refuse answers a comment of which nothing follows.
func (s *Service) refuse(ctx context.Context, m Written, title string, lines ...string) error {
	return s.Units.Update(ctx, func(u *engine.Unit) error {
		if first, err := s.first(u, m); err != nil || !first {
			return err
		}
		return s.reply(u, m, title, lines...)
	})
}

// first tells whether a comment is to be dealt with: once, and no more than people can read of one person.
func (s *Service) first(u *engine.Unit, m Written) (bool, error) {
	if news, err := m.First(u); err != nil || !news {
		return false, err
	}
	left, in, err := u.Says(m.By, access.CampaignSubject(m.Campaign))
	if err != nil || left >= 0 {
		return err == nil, err
	}
	if left == -1 {
		err = s.reply(u, m, tooMany(in))
	}
	return false, err
}

// reply answers a comment on the issue, for those who keep it: only they are told of a review there. Whoever wrote it for
// customers to read may be one, and is told in Slack as well.
func (s *Service) reply(u *engine.Unit, m Written, title string, lines ...string) error {
	id := fmt.Sprintf("review-%s-%d", m.Issue.ID, m.Comment.ID)
	if m.Again {
		id += "-changed"
	}
	body := access.IssueComment{ID: id, At: u.At, Title: title, Lines: lines, Link: s.Link}
	if err := ledger.AddComment(u, ledger.Comment{Marker: id, Subject: access.CampaignSubject(m.Campaign), Issue: m.Issue, Body: body}); err != nil {
		return err
	}
	if !m.Comment.Public || m.By.Person == "" {
		return nil
	}
	return notify.Announce(u, id, m.By.Person, "Your comment on "+m.Issue.Key, append([]string{title}, lines...)...)
}
