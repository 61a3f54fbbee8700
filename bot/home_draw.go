package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
)

// How many rows of each list the Home tab shows at once. A row is two blocks, a
// view holds 100.
const (
	homeDecisions = 8
	homeHoldings  = 10
	homeRequests  = 6
	homeTroubles  = 5
)

// The lists on the Home tab; their page buttons stand in blocks of these names.
const (
	homeDecide = "home.decide"
	homeHeld   = "home.held"
	homeAsked  = "home.asked"
	homeStuck  = "home.stuck"
)

// homeList is one list as it is shown.
type homeList struct {
	name, title, empty string
	rows               []row
	from, size, total  int
}

// homeView is all there is on a Home tab.
type homeView struct {
	refusal string // instead of everything else, for people who may not act
	lists   []homeList
	it      bool
	week    []string
}

func (b *Bot) homeData(ctx context.Context, user string, m homeMemo) (homeView, error) {
	p, err := b.cfg.People.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return homeView{refusal: refusal.Sentence}, nil
	}
	if err != nil {
		return homeView{}, err
	}
	v := homeView{it: b.oversees(inSlack(p.ID), "")}
	type reader func(ctx context.Context, who access.PersonID, from, size int) ([]row, int, error)
	var failed []error
	list := func(l homeList, read reader) {
		rows, total, err := read(ctx, p.ID, l.from, l.size)
		l.rows, l.total = rows, total
		if l.from >= total { // the list became shorter meanwhile
			l.from = max(0, (total-1)/l.size*l.size)
		}
		failed = append(failed, err)
		v.lists = append(v.lists, l)
	}
	list(homeList{name: homeDecide, title: "Waiting for your decision", from: m.Decide, size: homeDecisions}, b.decisionRows)
	list(homeList{name: homeHeld, title: "Your access", empty: "You have no access through Latchkey yet.", from: m.Held, size: homeHoldings}, b.heldRows)
	list(homeList{name: homeAsked, title: "Your requests", empty: "Nothing you asked for is open.", from: m.Asked, size: homeRequests}, b.askedRows)
	if v.it {
		list(homeList{name: homeStuck, title: "Stuck", empty: "Nothing is stuck.", from: m.Stuck, size: homeTroubles}, b.stuckRows)
		week, err := b.cfg.Query.Week(ctx, inSlack(p.ID))
		failed = append(failed, err)
		v.week = weekLines(week)
	}
	return v, errors.Join(failed...)
}

// blocks draws the tab. Lists without rows and without a word for that are left out.
func (v homeView) blocks() []slack.Block {
	if v.refusal != "" {
		return []slack.Block{blocks.Section(blocks.Escape(v.refusal, blocks.MaxSection))}
	}
	body := []slack.Block{slack.NewActionBlock("home.start",
		blocks.Button(actionRequest, "-", manifest.RequestTitle, slack.StylePrimary), blocks.Button(actionBrowse, "-", "Browse apps", ""), blocks.Button(actionUnlisted, "-", "It isn't listed", ""))}
	for _, l := range v.lists {
		body = append(body, l.blocks()...)
	}
	if v.it {
		body = append(body, slack.NewHeaderBlock(blocks.Plain("The last seven days", blocks.MaxHeader)), blocks.Section(strings.Join(v.week, "\n")))
	}
	return body
}

func (l homeList) blocks() []slack.Block {
	if l.total == 0 && l.empty == "" {
		return nil
	}
	title := l.title
	if l.total > 0 {
		title += " (" + strconv.Itoa(l.total) + ")"
	}
	body := []slack.Block{slack.NewHeaderBlock(blocks.Plain(title, blocks.MaxHeader))}
	if l.total == 0 {
		return append(body, blocks.SmallPrint(l.empty))
	}
	for _, r := range l.rows {
		body = append(body, r.blocks()...)
	}
	turns := blocks.PageButtons(l.from, l.size, l.total)
	if len(turns) > 0 {
		turns[0].(*slack.ActionBlock).BlockID = l.name
	}
	return append(body, turns...)
}
