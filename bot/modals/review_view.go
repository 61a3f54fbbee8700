package modals

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
)

const (
	callbackReview        = "access_review"         // never changed, like what follows
	callbackReviewReasons = "access_review_reasons" //
	callbackReviewDone    = "access_review_done"    // its button leads on

	actionReviewGroup  = "review_keep_group"
	actionReviewAll    = "review_all"
	actionReviewGoOn   = "review_go_on"
	actionReviewReason = "review_reason"

	reviewTitle = "Access review"

	// fewRows are shown at first: few enough for one look. manyRows are what a view holds, of Slack's 100 blocks.
	fewRows  = 10
	manyRows = 44
	// fromGroup is from how many rows on those with the same reason can be kept at once.
	fromGroup = 3
	// mostGroups bounds the lines of them.
	mostGroups = 4
)

// reviewing is what the view carries along.
type reviewing struct {
	Campaign string         `json:"c"`
	After    int            `json:"a,omitempty"` // the last row of the page before
	Many     bool           `json:"m,omitempty"`
	Drawn    int64          `json:"d"`           // when, in seconds since 1970
	Rows     []int          `json:"r,omitempty"` // of the view that asks for reasons: which they are about
	On       access.Surface `json:"o,omitempty"`
}

func (s reviewing) limit() int {
	if s.Many {
		return manyRows
	}
	return fewRows
}

func reviewingOf(metadata string) (s reviewing, err error) {
	err = json.Unmarshal([]byte(metadata), &s)
	return s, err
}

// reviewGroup are rows with the same reason that can be kept at once.
type reviewGroup struct {
	Because access.RecommendedBecause
	Rows    int
}

// reviewView draws a page of rows.
func reviewView(p deciding.Page, s reviewing, groups []reviewGroup, me access.PersonID, now time.Time) slack.ModalViewRequest {
	s.Drawn = now.Unix()
	list := []slack.Block{blocks.Section(reviewHead(p))}
	for _, g := range groups[:min(len(groups), mostGroups)] {
		list = append(list, reviewGroupLine(p.Campaign.ID, g))
	}
	for _, r := range p.Rows {
		mine := answerOf(r, p, me)
		list = append(list, reviewRowBlocks(r, mine.Decision)...)
	}
	list = append(list, reviewFoot(p, s)...)
	v := blocks.Modal(reviewTitle, reviewSubmit(p), "Close", list...)
	v.CallbackID, v.PrivateMetadata, v.NotifyOnClose = callbackReview, blocks.Metadata(s), false
	return v
}

// answerOf is what somebody has said of a row, for themselves or in whose place they answer.
func answerOf(r rows.Row, p deciding.Page, me access.PersonID) access.ReviewAnswer {
	for _, who := range append([]access.PersonID{me}, p.As...) {
		if a, ok := r.Item.AnswerOf(who, p.Campaign.Stage); ok {
			return a
		}
	}
	return access.ReviewAnswer{}
}

func reviewSubmit(p deciding.Page) string {
	if p.More {
		return "Go on"
	}
	return "Done"
}

// reviewHead says what it is, until when, and how far the reviewer is.
func reviewHead(p deciding.Page) string {
	c := p.Campaign
	text := "*" + blocks.Escape(c.Review.Name, blocks.MaxName) + "*" + reviewUntil(c) + ". " + reviewLeft(p.Worklist)
	return text + "\nEvery choice is kept as you make it: you can close this at any time. What you revoke is removed " + reviewRemoval(c) + "."
}

// reviewUntil says until when rows are answered; of what is left to IT, the campaign waits.
func reviewUntil(c access.Campaign) string {
	if c.Due.IsZero() {
		return ", left to IT: nobody else answered in time, and the review waits for you"
	}
	return ", until " + blocks.When(c.Due)
}

// reviewRemoval says when a revocation is carried out.
func reviewRemoval(c access.Campaign) string {
	if c.Review.Undo <= 0 {
		return "at once"
	}
	return blocks.Exactly(c.Review.Undo) + " later; until then you can change your mind"
}

func reviewLeft(w access.Worklist) string {
	switch left := w.Left(); {
	case w.Rows == 0:
		return ""
	case left == 0:
		return blocks.Agree(w.Rows, "The row is", "All "+strconv.Itoa(w.Rows)+" rows are") + " answered."
	default:
		return strconv.Itoa(left) + " of " + blocks.Count(w.Rows, "row") + " " + blocks.Agree(left, "is", "are") + " left."
	}
}

// reviewGroupLine offers to keep all rows with one reason.
func reviewGroupLine(campaign string, g reviewGroup) *slack.SectionBlock {
	n := blocks.Count(g.Rows, "row")
	b := blocks.Confirmed(blocks.Button(actionReviewGroup, campaign+"/"+string(g.Because), "Keep these "+strconv.Itoa(g.Rows), ""), "Keep "+n+"?",
		"They are kept together, and the record says so. You can change single ones afterwards. Privileged access isn't among them.", "Keep them")
	line := slack.NewSectionBlock(blocks.Markup("*"+n+"*: "+g.Because.Words()), nil, slack.NewAccessory(blocks.Spoken(g.Because.Words(), b)[0]))
	line.BlockID = "group-" + string(g.Because)
	return line
}

// reviewFoot offers to show more at once.
func reviewFoot(p deciding.Page, s reviewing) []slack.Block {
	switch {
	case len(p.Rows) == 0:
		return []slack.Block{blocks.Section("Nothing waits for you here.")}
	case s.Many || !p.More:
		return nil
	}
	return []slack.Block{slack.NewActionBlock("review-all", blocks.Button(actionReviewAll, s.Campaign, "Show up to "+strconv.Itoa(manyRows)+" rows at once", ""))}
}

// reviewDoneView says what was answered, and leads on.
func reviewDoneView(s reviewing, w access.Worklist, more bool) slack.ModalViewRequest {
	text := "Thank you. " + reviewLeft(w)
	list := []slack.Block{blocks.Section(text)}
	if more {
		list = append(list, slack.NewActionBlock("review-on", blocks.Button(actionReviewGoOn, s.Campaign, "Next rows", slack.StylePrimary)))
	}
	v := blocks.Modal(reviewTitle, "", "Close", list...)
	v.CallbackID, v.PrivateMetadata = callbackReviewDone, blocks.Metadata(s)
	return v
}
